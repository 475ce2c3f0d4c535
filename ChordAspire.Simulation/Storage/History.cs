namespace ChordAspire.Simulation;

/// <summary>One thing a client did to a key.</summary>
/// <param name="Value">Written, or read; null: deleted, or not there.</param>
/// <param name="Ended">When its outcome came back; null: it never did, or it failed, so that it may have happened or may yet happen.</param>
public sealed record Operation(bool IsWrite, string Key, ulong? Value, TimeSpan Began, TimeSpan? Ended);

/// <summary>A read that no order of the writes explains.</summary>
public sealed record Anomaly(AnomalyKind Kind, Operation Read, Operation? Missed)
{
    public override string ToString()
    {
        string read = FormattableString.Invariant($"{Kind}: {Read.Key} read as {Told(Read.Value, "nothing")} at {Read.Began:c}");
        return Missed is null ? read : FormattableString.Invariant($"{read}, though {Told(Missed.Value, "its deletion")} was acknowledged at {Missed.Ended:c}");
    }

    private static string Told(ulong? value, string none) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? none;
}

public enum AnomalyKind
{
    /// <summary>Nobody had written this before the read ended.</summary>
    NeverWritten,

    /// <summary>A write that was acknowledged before the read began is not to be seen, and nothing written after it is.</summary>
    Stale,

    /// <summary>The same, and there is nothing at all.</summary>
    Lost,
}

/// <summary>
/// What clients did and saw, and whether it keeps the promises: each read returns the last acknowledged write, or one that ran beside it or the read.
/// That is a regular register (Lamport, 1986) with many writers. Values must be written once each.
/// </summary>
/// <param name="clockDifference">
/// How far two peers' clocks may be apart. While the ring changes two peers may stamp one object by their own clocks, so that of two writes
/// nearer to each other than this either may win.
/// </param>
public sealed class History(TimeSpan clockDifference)
{
    private readonly Dictionary<string, List<Operation>> _writes = new(StringComparer.Ordinal);

    public int Acknowledged { get; private set; }

    public int Reads { get; private set; }

    /// <summary>Notes a write: when it was acknowledged, or that it never was.</summary>
    public void Wrote(string key, ulong? value, TimeSpan began, TimeSpan? acknowledged)
    {
        if (!_writes.TryGetValue(key, out List<Operation>? writes))
            _writes[key] = writes = [];
        writes.Add(new Operation(IsWrite: true, key, value, began, acknowledged));
        Acknowledged += acknowledged is null ? 0 : 1;
    }

    /// <summary>Whether a read can be explained by the writes; null: it can. To be asked when all writes that began before its end are noted.</summary>
    public Anomaly? Explain(string key, ulong? value, TimeSpan began, TimeSpan ended)
    {
        Reads++;
        var read = new Operation(IsWrite: false, key, value, began, ended);
        List<Operation> writes = _writes.GetValueOrDefault(key) ?? [];
        Operation[] seen = [.. writes.Where(write => write.Value == value && write.Began <= ended)];
        if (value is not null && seen.Length == 0)
            return new Anomaly(AnomalyKind.NeverWritten, read, Missed: null);
        // Never written at all is a state as well, that everything comes after.
        foreach (Operation later in writes.Where(write => write.Ended <= began && write.Value != value))
        {
            bool explained = seen.Any(write => write.Ended is null || write.Ended >= later.Began - clockDifference);
            if (!explained)
                return new Anomaly(value is null ? AnomalyKind.Lost : AnomalyKind.Stale, read, later);
        }
        return null;
    }
}
