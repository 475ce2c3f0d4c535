namespace Aspire.Hosting.Dcp;

internal enum DcpChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One executable came, changed or went. The same name may come again with another uid.</summary>
internal sealed record DcpChange(DcpChangeKind Kind, DcpExecutable Executable);
