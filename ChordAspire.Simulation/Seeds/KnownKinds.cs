namespace ChordAspire.Simulation;

/// <summary>Which hosts one of our peers knows as seed peers; as the production host, it asks anew after a silence, and from time to time.</summary>
internal sealed class KnownKinds
{
    private static readonly long Life = TimeSpan.FromSeconds(10).Ticks;

    private readonly Dictionary<int, (long Since, bool IsInDoubt)> _seeds = [];

    /// <summary>Whether it is to be called in the seed's contract without trying ours first.</summary>
    public bool IsSeed(int host, long now) => _seeds.TryGetValue(host, out (long Since, bool IsInDoubt) found) && !found.IsInDoubt && now - found.Since < Life;

    /// <summary>Whether it was one when last heard.</summary>
    public bool WasSeed(int host) => _seeds.ContainsKey(host);

    public void Add(int host, long now) => _seeds[host] = (now, false);

    public void Doubt(int host)
    {
        if (_seeds.TryGetValue(host, out (long Since, bool IsInDoubt) found))
            _seeds[host] = (found.Since, true);
    }

    public void Remove(int host) => _seeds.Remove(host);
}
