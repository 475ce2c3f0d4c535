using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>All objects of a ring, ordered by key: one listing for each peer's arc, merged.</summary>
internal sealed class RingListing(OwnerCalls calls, string prefix, TimeSpan timeout)
{
    private const int BegunAtOnce = 32;

    /// <summary>Calls open at once. In larger rings an arc is asked for a few objects at a time.</summary>
    public int MaxOpenCalls { get; init; } = 256;

    /// <summary>Objects held at once, all arcs of a large ring together.</summary>
    public int MaxObjectsHeld { get; init; } = 64 * 1024;

    public async IAsyncEnumerable<ListedObject> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ImmutableArray<PeerRef> peers = await new RingWalk(calls, new RingPatience(timeout, cancellationToken)).RunAsync().ConfigureAwait(false);
        ArcListing[] arcs = [.. Enumerable.Range(0, peers.Length).Select(i => ArcOf(peers, i, cancellationToken))];
        try
        {
            int kept = Math.Clamp(MaxObjectsHeld / arcs.Length, 1, RingLimits.MaxListedObjects);
            bool areParked = arcs.Length > MaxOpenCalls;
            await Parallel.ForEachAsync(arcs, new ParallelOptions { MaxDegreeOfParallelism = BegunAtOnce, CancellationToken = cancellationToken }, async (arc, _) =>
            {
                await arc.MoveNextAsync().ConfigureAwait(false);
                if (areParked)
                    arc.Park(kept);
            }).ConfigureAwait(false);
            await foreach (ListedObject listed in MergeAsync(arcs, areParked ? kept : null).ConfigureAwait(false))
                yield return listed;
        }
        finally
        {
            foreach (ArcListing arc in arcs)
                arc.Dispose();
        }
    }

    private ArcListing ArcOf(ImmutableArray<PeerRef> peers, int i, CancellationToken cancellationToken)
    {
        PeerRef before = peers[(i + peers.Length - 1) % peers.Length];
        return new ArcListing(calls, new Arc(before.Id, peers[i].Id), new ArcHolders(peers, i), prefix, new RingPatience(timeout, cancellationToken));
    }

    private static async IAsyncEnumerable<ListedObject> MergeAsync(ArcListing[] arcs, int? kept)
    {
        var heads = new PriorityQueue<ArcListing, string>(StringComparer.Ordinal);
        foreach (ArcListing arc in arcs)
        {
            if (arc.Current is { } first)
                heads.Enqueue(arc, first.Key);
        }
        string? last = null;
        while (heads.TryDequeue(out ArcListing? arc, out string? key))
        {
            // No two arcs share a key, unless a peer answers for more than it was asked.
            if (key != last)
                yield return arc.Current!;
            last = key;
            if (await arc.MoveNextAsync().ConfigureAwait(false))
                heads.Enqueue(arc, arc.Current!.Key);
            if (kept is { } few)
                arc.Park(few);
        }
    }
}
