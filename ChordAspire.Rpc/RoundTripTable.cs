using System.Collections.Concurrent;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>What is known of each neighbour's round trips, by address.</summary>
/// <param name="min">No timeout is shorter: a busy machine is not a dead one.</param>
/// <param name="max">No timeout is longer; also the timeout of an unknown peer.</param>
public sealed class RoundTripTable(TimeSpan min, TimeSpan max)
{
    private const int MaxEntries = 4096;

    private readonly ConcurrentDictionary<string, RoundTripEstimate> _estimates = new();

    public TimeSpan TimeoutOf(string address) => _estimates.GetValueOrDefault(address).Timeout(min, max);

    public void Count(string address, TimeSpan roundTrip)
    {
        // A full table forgets all: estimates come back with the next answers, and no bookkeeping of ages is needed.
        if (_estimates.Count >= MaxEntries)
            _estimates.Clear();
        _estimates.AddOrUpdate(address, static (_, sample) => default(RoundTripEstimate).With(sample), static (_, old, sample) => old.With(sample), roundTrip);
    }
}
