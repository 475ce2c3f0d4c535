using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>The latest version of each object that was acknowledged to somebody: this or a later one must be there in the end, whatever readers saw meanwhile.</summary>
internal sealed class AcknowledgedVersions
{
    private readonly SortedDictionary<Identifier, ObjectVersion> _latest = [];

    /// <summary>Writes that were acknowledged without some replica.</summary>
    public int WithFewerCopies { get; private set; }

    public void Count(Acknowledgement write)
    {
        WithFewerCopies += write.Copies < write.CopiesMax ? 1 : 0;
        if (!_latest.TryGetValue(write.Id, out ObjectVersion known) || known < write.Version)
            _latest[write.Id] = write.Version;
    }

    /// <summary>Null when so many living peers hold each object as it was last acknowledged, or later; else one that fewer hold.</summary>
    public string? HeldByFewerThan(int copies, IEnumerable<ReplicationState> living)
    {
        ReplicationState[] states = [.. living];
        foreach ((Identifier id, ObjectVersion version) in _latest)
        {
            int held = states.Count(state => state.Index.Has(id, version));
            if (held < copies)
                return $"object {id} was acknowledged as {version} and is held by {held}";
        }
        return null;
    }

    /// <summary>Null when some living peer holds each object as it was last acknowledged, or later; else one that is lost.</summary>
    public string? Lost(IEnumerable<ReplicationState> living)
    {
        ReplicationState[] states = [.. living];
        foreach ((Identifier id, ObjectVersion version) in _latest)
        {
            if (!states.Any(state => state.Index.Has(id, version)))
                return $"object {id} was acknowledged as {version} and is held by nobody";
        }
        return null;
    }
}
