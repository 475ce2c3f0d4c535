using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>The finger table: finger i is the successor of n + 2^i, with i counted from 0. Fingers shorten lookups and never matter to correctness.</summary>
/// <remarks>Neighbouring fingers mostly name the same peer, so the table is kept as runs: about log2 N of them for m fingers.</remarks>
public sealed class FingerTable
{
    public static FingerTable Empty { get; } = new([]);

    private FingerTable(ImmutableArray<FingerRun> runs) => Runs = runs;

    /// <summary>Runs in ascending order, without overlap; a finger in no run is unknown, or the peer itself.</summary>
    public ImmutableArray<FingerRun> Runs { get; }

    /// <summary>Finger i; null when it is unknown, or the peer itself.</summary>
    public PeerRef? this[int finger]
    {
        get
        {
            foreach (FingerRun run in Runs)
            {
                if (finger >= run.First && finger <= run.Last)
                    return run.Peer;
            }
            return null;
        }
    }

    /// <summary>
    /// With fingers first..last, both included, set to this peer (null: unknown). The same table where they are so already: mostly they are.
    /// </summary>
    public FingerTable With(int first, int last, PeerRef? peer)
    {
        if (peer is not null && Names(first, last, peer))
            return this;
        var runs = ImmutableArray.CreateBuilder<FingerRun>(Runs.Length + 2);
        foreach (FingerRun run in Runs)
        {
            if (run.First < first)
                Append(runs, run with { Last = Math.Min(run.Last, first - 1) });
        }
        if (peer is not null)
            Append(runs, new FingerRun(first, last, peer));
        foreach (FingerRun run in Runs)
        {
            if (run.Last > last)
                Append(runs, run with { First = Math.Max(run.First, last + 1) });
        }
        return new FingerTable(runs.ToImmutable());
    }

    /// <summary>Without this peer, which did not answer or left.</summary>
    public FingerTable Without(PeerRef peer) => Names(peer.Id) ? new FingerTable(Runs.RemoveAll(run => run.Peer.Id == peer.Id)) : this;

    private bool Names(int first, int last, PeerRef peer)
    {
        foreach (FingerRun run in Runs)
        {
            if (run.First <= first && last <= run.Last)
                return run.Peer == peer;
        }
        return false;
    }

    private bool Names(Identifier id)
    {
        foreach (FingerRun run in Runs)
        {
            if (run.Peer.Id == id)
                return true;
        }
        return false;
    }

    private static void Append(ImmutableArray<FingerRun>.Builder runs, FingerRun run)
    {
        if (runs.Count > 0 && runs[^1].Last + 1 == run.First && runs[^1].Peer == run.Peer)
            runs[^1] = runs[^1] with { Last = run.Last };
        else
            runs.Add(run);
    }
}

/// <summary>Fingers First..Last, both included, all name this peer.</summary>
public readonly record struct FingerRun(int First, int Last, PeerRef Peer);
