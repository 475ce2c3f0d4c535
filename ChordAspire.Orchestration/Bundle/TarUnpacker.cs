using System.Formats.Tar;

namespace Aspire.Hosting.Bundle;

/// <summary>Writes the wanted files of a tar stream below one folder, and nothing anywhere else.</summary>
internal static class TarUnpacker
{
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <param name="tar">The archive; read forward only.</param>
    /// <param name="root">The folder to write below.</param>
    /// <param name="place">From the name of an entry to its place below the root, or null to leave it out.</param>
    /// <param name="cancellationToken">Stops between two files, and inside a long one.</param>
    /// <exception cref="BundleException">An entry wants to be written outside the root.</exception>
    internal static async Task UnpackAsync(Stream tar, string root, Func<string, string?> place, CancellationToken cancellationToken)
    {
        using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            // Links are what makes unpacking dangerous; this package has none, and a file they would stand for is missed by the later check.
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || place(entry.Name) is not { } wanted)
                continue;

            string path = PlaceBelow(root, wanted);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = (entry.Mode & Permissions) | UnixFileMode.UserRead | UnixFileMode.UserWrite;

            await using var file = new FileStream(path, options);
            if (entry.DataStream is { } data)
                await data.CopyToAsync(file, 1024 * 1024, cancellationToken);
        }
    }

    private static string PlaceBelow(string root, string relative)
    {
        string below = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) + Path.DirectorySeparatorChar;
        string path = Path.GetFullPath(Path.Combine(below, relative));
        return path.StartsWith(below, StringComparison.Ordinal)
            ? path
            : throw new BundleException(
                $"The package holds a file that would be written outside its folder ('{relative}'). " +
                "It was not unpacked; fetch it again from a registry you trust.");
    }
}
