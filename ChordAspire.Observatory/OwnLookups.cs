using System.Collections.Concurrent;

namespace ChordAspire.Observatory;

/// <summary>Lookups that this page asked for: peers count them among the others, and they are to be shown once.</summary>
internal sealed class OwnLookups
{
    private readonly ConcurrentDictionary<string, int> _asked = new();

    /// <summary>One is about to be asked of the peer at this address.</summary>
    public void Asked(string address) => _asked.AddOrUpdate(address, 1, static (_, count) => count + 1);

    /// <summary>How many of so many that a peer has counted are this page's; they are forgotten.</summary>
    public long Take(string address, long counted)
    {
        while (_asked.TryGetValue(address, out int asked) && asked > 0)
        {
            int taken = (int)Math.Min(asked, counted);
            if (_asked.TryUpdate(address, asked - taken, asked))
                return taken;
        }
        return 0;
    }
}
