namespace Aspire.Hosting.Backchannel;

/// <summary>A path without symbolic links, so that two ways to a project lead to one socket.</summary>
internal static class RealPath
{
    // As many as Linux follows before it gives up.
    private const int LinksMax = 40;

    /// <summary>As far as it can be told: from a link that leads nowhere, or may not be read, the path goes on unresolved.</summary>
    internal static string Of(string path) => Of(Path.GetFullPath(path), links: 0);

    private static string Of(string path, int links)
    {
        string at = Path.GetPathRoot(path) ?? "";
        foreach (string name in path[at.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, name);

            // A target may itself lie behind links.
            if (links < LinksMax && TargetOf(at) is { } target)
                at = Of(target, links + 1);
        }

        return at;
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: false)?.FullName;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
