namespace ChordAspire.Simulation;

/// <summary>Which hosts reach which: partitions, links cut one way, links on hold. Everything passes until something is cut.</summary>
public sealed class Links
{
    private readonly HashSet<(int From, int To)> _cut = [];
    private readonly HashSet<(int From, int To)> _held = [];
    private readonly HashSet<int> _island = [];

    /// <summary>Whether any link is not as it should be.</summary>
    public bool Disturbed { get; private set; }

    /// <summary>Nothing passes any more from one host to the other, this way. Cutting some links and not others makes a network that is not transitive.</summary>
    public void Cut(int from, int to) => Disturb(_cut.Add((from, to)));

    /// <summary>These hosts reach each other and nobody else, both ways.</summary>
    public void Isolate(params ReadOnlySpan<int> hosts)
    {
        foreach (int host in hosts)
            Disturb(_island.Add(host));
    }

    /// <summary>Messages of this link wait until they are released; whoever waits for an answer may run out of patience.</summary>
    public void Hold(int from, int to) => Disturb(_held.Add((from, to)));

    internal void ReleaseHeld()
    {
        _held.Clear();
        Settle();
    }

    /// <summary>All links are whole again; those on hold stay so.</summary>
    public void Repair()
    {
        _cut.Clear();
        _island.Clear();
        Settle();
    }

    internal bool Passes(int from, int to) => !_cut.Contains((from, to)) && _island.Contains(from) == _island.Contains(to);

    internal bool IsHeld(int from, int to) => _held.Contains((from, to));

    private void Disturb(bool _) => Disturbed = true;

    private void Settle() => Disturbed = _cut.Count + _held.Count + _island.Count > 0;
}
