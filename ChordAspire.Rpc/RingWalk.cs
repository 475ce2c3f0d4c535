using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>Goes once round the ring, from the asked peer along the successors, a successor list at a time.</summary>
internal sealed class RingWalk(OwnerCalls calls, RingPatience patience)
{
    /// <summary>More peers than this are taken for a ring that does not close.</summary>
    public const int MaxPeers = 10_000;

    private int _furthest;

    /// <summary>All peers of the ring, clockwise, the asked one first.</summary>
    /// <exception cref="RefusedException">A peer refused, or is silent; or the ring does not close.</exception>
    public async Task<ImmutableArray<PeerRef>> RunAsync()
    {
        while (true)
        {
            try
            {
                return await OnceAsync().ConfigureAwait(false);
            }
            catch (RefusedException failed) when (CallFailure.IsPassing(failed))
            {
                await patience.PauseAsync(failed).ConfigureAwait(false);
            }
        }
    }

    private async Task<ImmutableArray<PeerRef>> OnceAsync()
    {
        PeerView first = await DescribeAsync(null).ConfigureAwait(false);
        if (first.Phase is not (MemberPhase.Member or MemberPhase.Leaving))
            throw new RefusedException(Refusal.NotMember, $"The asked peer {first.Self.Address} is no member of a ring: it is {first.Phase.ToString().ToLowerInvariant()}.");
        var peers = ImmutableArray.CreateBuilder<PeerRef>();
        peers.Add(first.Self);
        bool closed = Follow(peers, first);
        // Peers that are known from another's list only; the last of them that answers leads on.
        int answered = 0;
        while (!closed)
        {
            PeerView? next = null;
            for (int asked = peers.Count - 1; next is null && asked > answered; asked--)
            {
                next = await TryDescribeAsync(peers[asked].Address).ConfigureAwait(false);
                if (next is { Phase: MemberPhase.Member or MemberPhase.Leaving } && next.Self.Id == peers[asked].Id)
                    answered = asked;
                else
                    next = null;
            }
            // Behind the one that answers its own list counts, which leaves out those that did not.
            if (next is null)
                throw new RefusedException(Refusal.Unavailable, $"The ring does not close: none of the peers behind {peers[answered].Address} answers.");
            peers.Count = answered + 1;
            closed = Follow(peers, next);
            if (!closed && peers.Count == answered + 1)
                throw new RefusedException(Refusal.Unavailable, $"The ring does not close: {next.Self.Address} names no peer behind itself.");
            if (answered > _furthest)
            {
                _furthest = answered;
                patience.GotFurther();
            }
        }
        return peers.ToImmutable();
    }

    /// <summary>Adds the successors that lie before the first peer. True when the circle is closed.</summary>
    private static bool Follow(ImmutableArray<PeerRef>.Builder peers, PeerView view)
    {
        PeerRef first = peers[0];
        foreach (PeerRef successor in view.Successors.Peers)
        {
            if (successor.Id == first.Id)
                return true;
            if (!successor.Id.IsBetween(peers[^1].Id, first.Id))
                throw new RefusedException(Refusal.Unavailable, $"The ring does not close: {view.Self.Address} names {successor} behind {peers[^1]}, which leads past {first}.");
            if (peers.Count >= MaxPeers)
                throw new RefusedException(Refusal.Exhausted, FormattableString.Invariant($"The ring does not close within {MaxPeers:#,0} peers."));
            peers.Add(successor);
        }
        // The list of the first peer may say itself that these are all; a later one would have named the first peer.
        return view.Self.Id == first.Id && view.Successors.SpansRing;
    }

    private async Task<PeerView?> TryDescribeAsync(string address)
    {
        try
        {
            return await DescribeAsync(address).ConfigureAwait(false);
        }
        catch (RefusedException failed) when (CallFailure.IsPassing(failed) || CallFailure.IsSeed(failed))
        {
            return null;
        }
    }

    private async Task<PeerView> DescribeAsync(string? address)
    {
        using RingPatience.Attempt attempt = patience.Begin();
        return (await calls.DescribeAsync(address, attempt, patience).ConfigureAwait(false)).View;
    }
}
