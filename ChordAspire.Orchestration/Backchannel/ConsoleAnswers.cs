namespace Aspire.Hosting.Backchannel;

/// <summary>
/// Whose console to read. The tool also says what to search for and how many lines it wants, but goes by that itself in whatever it gets, and
/// better than could be done here, since it knows names and times.
/// </summary>
internal sealed record ConsoleRequest
{
    /// <summary>A resource or an instance; null reads all.</summary>
    public string? ResourceName { get; init; }

    /// <summary>Go on with what comes.</summary>
    public bool Follow { get; init; }

    public bool IncludeHidden { get; init; }
}

internal sealed record ConsoleBatch(IReadOnlyList<ConsoleLine> Lines);

internal sealed record ConsoleLine(string ResourceName, int LineNumber, string Content, bool IsError);
