using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>Answers one hop of a lookup from the state as it stands. Reads only, so any thread may ask.</summary>
public static class Routing
{
    /// <summary>Fingers given as closer peers, so that the asker goes round a dead one without asking again.</summary>
    public const int MaxFingersGiven = 4;

    /// <summary>The most that an answer can have of closer peers: some fingers, and a whole successor list.</summary>
    public const int MaxCloser = MaxFingersGiven + ChordParameters.MaxSuccessorListLength;

    /// <summary>Whether this peer answers for the key: on its arc (predecessor, self], or alone on the circle.</summary>
    public static bool Owns(PeerState state, Identifier key) =>
        key == state.Self.Id
        || (state.Predecessor is { } predecessor ? key.IsOnArc(predecessor.Id, state.Self.Id) : state.IsAlone);

    public static RouteAnswer Answer(PeerState state, Identifier key)
    {
        if (Owns(state, key))
            return new RouteAnswer(true, state.Predecessor, [], []);
        ReadOnlySpan<PeerRef> successors = KnownSuccessors(state).AsSpan();
        int preceding = CountPreceding(successors, state.Self.Id, key);
        ImmutableArray<PeerRef> owners = state.Successors.SpansRing
            ? [.. successors[preceding..], state.Self]
            : [.. successors[preceding..]];
        bool isLast = preceding == 0 && !successors.IsEmpty;
        return new RouteAnswer(false, state.Predecessor, owners, isLast ? [] : Merge(state, key, successors[..preceding]));
    }

    /// <summary>Peers strictly between this one and the key, closest to the key first: a few fingers, and all such of the successor list.</summary>
    public static ImmutableArray<PeerRef> ClosestPreceding(PeerState state, Identifier key)
    {
        ReadOnlySpan<PeerRef> successors = KnownSuccessors(state).AsSpan();
        return Merge(state, key, successors[..CountPreceding(successors, state.Self.Id, key)]);
    }

    /// <summary>The successor list. A peer alone that was notified has none yet, but its predecessor is its successor too.</summary>
    private static ImmutableArray<PeerRef> KnownSuccessors(PeerState state) =>
        state is { IsAlone: true, Predecessor: { } only } ? [only] : state.Successors.Peers;

    private static int CountPreceding(ReadOnlySpan<PeerRef> successors, Identifier self, Identifier key)
    {
        int count = 0;
        while (count < successors.Length && successors[count].Id.IsBetween(self, key))
            count++;
        return count;
    }

    private static ImmutableArray<PeerRef> Merge(PeerState state, Identifier key, ReadOnlySpan<PeerRef> successors)
    {
        var fingers = new Closest();
        foreach (FingerRun run in state.Fingers.Runs)
            fingers.Offer(run.Peer, state.Self.Id, key);
        var gathered = new Gathered();
        Span<PeerRef> merged = gathered;
        int count = 0;
        int finger = 0;
        int successor = successors.Length - 1;
        while (finger < fingers.Count || successor >= 0)
        {
            if (finger == fingers.Count)
                merged[count++] = successors[successor--];
            else if (successor < 0 || fingers[finger].Id.IsBetween(successors[successor].Id, key))
                merged[count++] = fingers[finger++];
            else if (fingers[finger].Id == successors[successor].Id)
                finger++;
            else
                merged[count++] = successors[successor--];
        }
        return [.. merged[..count]];
    }

    /// <summary>Room for the longest answer.</summary>
    [System.Runtime.CompilerServices.InlineArray(MaxCloser)]
    private struct Gathered
    {
        private PeerRef _first;
    }

    /// <summary>The closest few so far, by insertion: four slots need no sorting and no list.</summary>
    private ref struct Closest
    {
        private Slots _peers;
        private int _count;

        public readonly int Count => _count;

        public readonly PeerRef this[int at] => _peers[at]!;

        public void Offer(PeerRef peer, Identifier self, Identifier key)
        {
            if (!peer.Id.IsBetween(self, key))
                return;
            int at = 0;
            while (at < _count && peer.Id.IsBetween(self, _peers[at]!.Id))
                at++;
            if (at == MaxFingersGiven || (at < _count && _peers[at]!.Id == peer.Id))
                return;
            _count = Math.Min(_count + 1, MaxFingersGiven);
            for (int i = _count - 1; i > at; i--)
                _peers[i] = _peers[i - 1];
            _peers[at] = peer;
        }

        [System.Runtime.CompilerServices.InlineArray(MaxFingersGiven)]
        private struct Slots
        {
            private PeerRef? _first;
        }
    }
}
