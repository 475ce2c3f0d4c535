using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>Answers one hop of a lookup from the state as it stands. Reads only, so any thread may ask.</summary>
public static class Routing
{
    /// <summary>Alternatives given with the closest preceding peer, so that the asker goes round a dead one without asking again.</summary>
    public const int MaxCloser = 4;

    /// <summary>Whether this peer answers for the key: on its arc (predecessor, self], or alone on the circle.</summary>
    public static bool Owns(PeerState state, Identifier key) =>
        key == state.Self.Id
        || (state.Predecessor is { } predecessor ? key.IsOnArc(predecessor.Id, state.Self.Id) : state.IsAlone);

    public static RouteAnswer Answer(PeerState state, Identifier key)
    {
        if (Owns(state, key))
            return new RouteAnswer(true, state.Predecessor, [], []);
        if (state.Successors.First is { } successor && key.IsOnArc(state.Self.Id, successor.Id))
            return new RouteAnswer(false, state.Predecessor, state.Successors.Peers, []);
        return new RouteAnswer(false, state.Predecessor, [], ClosestPreceding(state, key));
    }

    /// <summary>The closest peers strictly between this one and the key, over fingers and successor list, closest to the key first.</summary>
    public static ImmutableArray<PeerRef> ClosestPreceding(PeerState state, Identifier key)
    {
        var closest = new Closest();
        foreach (FingerRun run in state.Fingers.Runs)
            closest.Offer(run.Peer, state.Self.Id, key);
        foreach (PeerRef peer in state.Successors.Peers)
            closest.Offer(peer, state.Self.Id, key);
        return closest.ToImmutable();
    }

    /// <summary>The best few so far, by insertion: four slots need no sorting and no list.</summary>
    private ref struct Closest
    {
        private Slots _peers;
        private int _count;

        public void Offer(PeerRef peer, Identifier self, Identifier key)
        {
            if (!peer.Id.IsBetween(self, key))
                return;
            int at = 0;
            while (at < _count && peer.Id.IsBetween(self, _peers[at]!.Id))
                at++;
            if (at == MaxCloser || (at < _count && _peers[at]!.Id == peer.Id))
                return;
            _count = Math.Min(_count + 1, MaxCloser);
            for (int i = _count - 1; i > at; i--)
                _peers[i] = _peers[i - 1];
            _peers[at] = peer;
        }

        public readonly ImmutableArray<PeerRef> ToImmutable()
        {
            var peers = ImmutableArray.CreateBuilder<PeerRef>(_count);
            for (int i = 0; i < _count; i++)
                peers.Add(_peers[i]!);
            return peers.MoveToImmutable();
        }

        [System.Runtime.CompilerServices.InlineArray(MaxCloser)]
        private struct Slots
        {
            private PeerRef? _first;
        }
    }
}
