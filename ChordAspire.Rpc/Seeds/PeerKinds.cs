using System.Collections.Concurrent;

namespace ChordAspire.Rpc;

/// <summary>Which addresses are known to speak the seed's contract only.</summary>
/// <remarks>Whether it is still so is asked anew after a silence, and from time to time: another program may be started there, and ours speak both contracts.</remarks>
internal sealed class PeerKinds(TimeProvider time)
{
    private const int MaxEntries = 1024;

    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Found> _seeds = new();
    private int _changes;

    /// <summary>How often it has changed.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Whether it is to be called in the seed's contract without trying ours first.</summary>
    public bool IsSeed(string address) => _seeds.TryGetValue(address, out Found found) && !found.IsInDoubt && time.GetElapsedTime(found.Since) < Life;

    /// <summary>Whether it was one when last heard, however long ago.</summary>
    public bool WasSeed(string address) => _seeds.ContainsKey(address);

    public void Add(string address)
    {
        if (_seeds.Count >= MaxEntries)
            _seeds.Clear();
        if (!_seeds.ContainsKey(address))
            Interlocked.Increment(ref _changes);
        _seeds[address] = new Found(time.GetTimestamp(), IsInDoubt: false);
    }

    /// <summary>It is silent: whoever answers there next is asked anew.</summary>
    public void Doubt(string address)
    {
        if (_seeds.TryGetValue(address, out Found found))
            _seeds.TryUpdate(address, found with { IsInDoubt = true }, found);
    }

    /// <summary>It answered in our contract.</summary>
    public void Remove(string address)
    {
        if (_seeds.TryRemove(address, out _))
            Interlocked.Increment(ref _changes);
    }

    private readonly record struct Found(long Since, bool IsInDoubt);
}
