namespace Aspire.Hosting.Dcp;

internal enum DcpLogSource
{
    StdOut,
    StdErr,

    /// <summary>DCP's own words about the executable; the only place that says why one failed to start.</summary>
    System,
}

/// <param name="Source">Which stream said it.</param>
/// <param name="Text">The line, still with DCP's RFC 3339 timestamp and a space before it.</param>
internal sealed record DcpLogLine(DcpLogSource Source, string Text);
