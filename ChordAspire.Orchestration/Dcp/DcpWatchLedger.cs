namespace Aspire.Hosting.Dcp;

/// <summary>
/// What a watcher has told so far. A watch that begins anew says everything again as added, and says nothing about what went while it
/// was down; from this book the first is taken out and the second put in.
/// </summary>
internal sealed class DcpWatchLedger
{
    private readonly Dictionary<string, DcpExecutable> _told = new(StringComparer.Ordinal);

    /// <summary>What to tell about something seen, or null when it has been told.</summary>
    internal DcpChange? Seen(DcpExecutable executable)
    {
        string uid = executable.Metadata.Uid ?? executable.Metadata.Name;
        bool known = _told.TryGetValue(uid, out DcpExecutable? before);
        if (known && before!.Metadata.ResourceVersion is { } version && version == executable.Metadata.ResourceVersion)
            return null;

        _told[uid] = executable;
        return new DcpChange(known ? DcpChangeKind.Modified : DcpChangeKind.Added, executable);
    }

    /// <summary>What to tell about something that went, or null when nobody knew it.</summary>
    internal DcpChange? Gone(DcpExecutable executable) =>
        _told.Remove(executable.Metadata.Uid ?? executable.Metadata.Name) ? new DcpChange(DcpChangeKind.Deleted, executable) : null;

    /// <summary>What to tell about everything that is known here but is not among those that exist.</summary>
    internal IReadOnlyList<DcpChange> Missing(IEnumerable<DcpExecutable> existing)
    {
        var uids = existing.Select(executable => executable.Metadata.Uid ?? executable.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        return _told.Where(told => !uids.Contains(told.Key)).Select(told => Gone(told.Value)).OfType<DcpChange>().ToList();
    }
}
