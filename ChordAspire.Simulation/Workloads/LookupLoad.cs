using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Clients that look up random keys through random members, and the tally of what came of it.</summary>
public sealed class LookupLoad(SimulatedRing ring, OwnerOracle oracle, Chance chance)
{
    public LookupTally Tally { get; } = new();

    /// <summary>Told of each lookup that ended, and the true owner when it began.</summary>
    public Action<LookupRun, PeerRef?>? Ended { get; init; }

    /// <summary>One lookup, of any key through any member.</summary>
    public void Begin() => Begin(oracle.Members[chance.Next(oracle.Members.Count)], chance.NextIdentifier(ring.Parameters.Bits));

    public void Begin(SimulatedPeer asker, Identifier key)
    {
        PeerRef? ownerBefore = oracle.OwnerOf(key);
        ring.LookUp(asker, key, run =>
        {
            Tally.Count(run, ownerBefore, oracle.OwnerOf(key));
            Ended?.Invoke(run, ownerBefore);
        });
    }

    /// <summary>Lookups one after the other: each begins when the one before has ended.</summary>
    public void RunOneByOne(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Begin();
            RunUntilEnded(i + 1);
        }
    }

    /// <summary>A Poisson stream of this many lookups begins; <see cref="RunUntilAllEnded"/> waits for the last one.</summary>
    /// <param name="mean">Time between two of them on average.</param>
    /// <param name="count">How many there are in all.</param>
    public void KeepBeginning(TimeSpan mean, int count)
    {
        if (count == 0)
            return;
        ring.After(chance.Exponential(mean), () =>
        {
            Begin();
            KeepBeginning(mean, count - 1);
        });
    }

    /// <summary>Runs until the stream is over and the last lookup has had time to end.</summary>
    public void RunUntilAllEnded(TimeSpan mean, int count)
    {
        KeepBeginning(mean, count);
        // A Poisson stream of n takes n means, give or take its root; lookups whose asker died never end, so the time ends it.
        ring.RunUntil(ring.Now + (mean * (count + (6 * Math.Sqrt(count)))) + (2 * ring.Options.Timings.RequestTimeout));
    }

    private void RunUntilEnded(int count)
    {
        while (Tally.Ended < count && ring.Step())
        {
        }
    }
}
