using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>
/// Lets a peer live beside seed peers, which speak only the contract of the system this one grew out of: answers for them what our own contract asks, from what
/// theirs has, so that the protocol sees the same events as from any peer.
/// </summary>
/// <remarks>
/// Nothing that a seed peer says of itself is proof: that it is alone on the circle, or owns more than what lies between it and the peers that the asker knows,
/// no member believes. Each answer is made from a bounded number of calls, and none leads back.
/// What is remembered from one question to the next is replaced as a whole: of two questions at once one may not be remembered, which costs a round.
/// </remarks>
public sealed class SeedNeighbors(ISeedCalls calls)
{
    private const int MaxKept = 256;

    /// <summary>Questions from one about a seed peer to the next about it, where the first was in vain: a round begins with the successor.</summary>
    private const int QuestionsInARound = 2;

    private readonly SeedCare _care = new(calls);

    /// <summary>What the last walk from each seed peer found, by address.</summary>
    private ImmutableDictionary<string, FoundEarlier> _found = ImmutableDictionary<string, FoundEarlier>.Empty;

    private SeedViews _last = new(null, []);

    /// <summary>What the seed peers behind this peer said when it last stabilized: from its successor to the next peer that is none.</summary>
    public IReadOnlyList<SeedView> SeenBy(PeerState asker) => _last is { } last && last.Origin == asker.Successors.First ? last.Views : [];

    /// <summary>The neighbours of a seed peer, for join and stabilize; null when it is silent.</summary>
    /// <remarks>
    /// A walk takes longer than a call, often longer than it takes until somebody reads the asker, which then takes its round back; and so round after round.
    /// Hence what was found in vain is told once more in the next round, at once.
    /// </remarks>
    /// <param name="asker">Who asks.</param>
    public async Task<Neighbors?> ReadNeighborsAsync(PeerState asker, PeerRef seed)
    {
        if (_found.TryGetValue(seed.Address, out FoundEarlier? last))
        {
            _found = _found.Remove(seed.Address);
            if (WasInVain(last.Asker, seed, last.Told, asker))
                return last.Told;
        }
        var walk = new SeedWalk(calls, _care, asker, seed);
        Neighbors? told = await walk.RunAsync().ConfigureAwait(false);
        if (told is null)
            _care.Forget(seed);
        // The other reading of a round, of a closer successor, becomes the first one of the next.
        if (seed == asker.Successors.First)
            _last = new SeedViews(seed, walk.Views);
        if (told is not null)
            _found = (_found.Count < MaxKept ? _found : _found.Clear()).SetItem(seed.Address, new FoundEarlier(asker, told));
        return told;
    }

    /// <summary>One hop of a lookup: the way to a key as a seed peer's own pointers have it. Null when it is silent.</summary>
    /// <remarks>Its <c>FindSuccessor</c> would do the whole lookup, over fingers whose death it never notices; so it is asked for what it knows only.</remarks>
    public async Task<RouteAnswer?> RouteAsync(PeerState asker, PeerRef seed, Identifier key)
    {
        if (await SeedPointers.ReadAsync(calls, seed).ConfigureAwait(false) is not { } pointers)
            return null;
        // Who wants to join has nothing to hold against it: one that knows nobody is alone, as far as one can tell.
        bool isAlone = !asker.IsMember && pointers is { Predecessor: null, Successor: null };
        if (key == seed.Id || isAlone || (NearestBefore(asker, seed, pointers.Predecessor) is { } before && key.IsOnArc(before.Id, seed.Id)))
            return new RouteAnswer(true, pointers.Predecessor, [], []);
        if (pointers.Successor is { } successor && key.IsOnArc(seed.Id, successor.Id))
            return new RouteAnswer(false, pointers.Predecessor, OwnersBehind(asker, seed, successor, key), []);
        ImmutableArray<PeerRef> fingers = await calls.GetFingersAsync(seed).ConfigureAwait(false);
        IEnumerable<PeerRef> known = pointers.Successor is { } next ? fingers.Append(next) : fingers;
        return new RouteAnswer(false, pointers.Predecessor, [],
        [
            .. known.Where(peer => peer.Id.IsBetween(seed.Id, key) && peer.Address != seed.Address)
                .DistinctBy(peer => peer.Id)
                .OrderBy(peer => peer.Id.DistanceTo(key))
                .Take(Routing.MaxFingersGiven),
        ]);
    }

    /// <summary>Tells a seed peer that we may be its predecessor.</summary>
    public Task NotifyAsync(PeerRef seed, PeerRef self) => _care.IntroduceAsync(seed, self);

    /// <summary>Tells a seed peer that we leave, and who stands at its side then.</summary>
    /// <param name="leaving">Who leaves.</param>
    public async Task DepartAsync(PeerState leaving, PeerRef seed)
    {
        if (leaving.Predecessor?.Id == seed.Id)
            await calls.UpdateSuccessorAsync(seed, leaving.Successors.First ?? seed).ConfigureAwait(false);
        if (leaving.Successors.First?.Id == seed.Id)
            await calls.UpdatePredecessorAsync(seed, leaving.Predecessor ?? seed).ConfigureAwait(false);
    }

    /// <summary>
    /// From a peer anticlockwise, past seed peers, to the next peer that speaks our contract: what lies between is stored by both kinds (see docs/seed-interop.md).
    /// Null when that is not to be found out now.
    /// </summary>
    public async Task<SeedStretch?> FindStretchAsync(PeerState self)
    {
        var seeds = ImmutableArray.CreateBuilder<PeerRef>();
        PeerRef? at = self.Predecessor;
        while (at is not null)
        {
            if (at.Id == self.Self.Id)
                return new SeedStretch(Before: null, seeds.ToImmutable());
            PeerContact contact = await calls.PingAsync(at).ConfigureAwait(false);
            if (contact == PeerContact.Peer)
                return new SeedStretch(at, seeds.ToImmutable());
            if (contact == PeerContact.Silent || seeds.Count == SeedStretch.MaxSeeds)
                return null;
            seeds.Add(at);
            SeedReply told = await calls.GetPredecessorAsync(at).ConfigureAwait(false);
            // Strictly anticlockwise, so that the walk ends.
            bool isAhead = told.Peer is { } next && (next.Id == self.Self.Id || next.Id.IsBetween(self.Self.Id, at.Id));
            at = isAhead ? told.Peer : null;
        }
        return null;
    }

    /// <summary>The successor that it names, and those at or behind the key that the asker knows: a seed peer may name one that is far past it, or silent.</summary>
    private static ImmutableArray<PeerRef> OwnersBehind(PeerState asker, PeerRef seed, PeerRef successor, Identifier key)
    {
        IEnumerable<PeerRef> known = asker.Successors.Peers;
        // The asker is the owner itself where its predecessor is silent, and is to stand behind that one.
        if (asker is { IsMember: true, Predecessor: { } predecessor })
            known = known.Append(predecessor).Append(asker.Self);
        return
        [
            .. known.Where(peer => peer.Id != seed.Id && key.IsOnArc(seed.Id, peer.Id))
                .Append(successor)
                .DistinctBy(peer => peer.Id)
                .OrderBy(peer => key.DistanceTo(peer.Id))
                .Take(asker.Parameters.SuccessorListLength),
        ];
    }

    /// <summary>Whether what was told in the round before would have changed the asker's list, and has not.</summary>
    private static bool WasInVain(PeerState before, PeerRef seed, Neighbors told, PeerState asker) =>
        before.IsMember && asker.IsMember
        && unchecked(asker.LastQuestion - before.LastQuestion) is > 0 and <= QuestionsInARound
        && asker.Successors.Equals(before.Successors)
        && !SuccessorList.Behind(asker.Self, seed, told.Successors, asker.Parameters.SuccessorListLength, out _).Equals(asker.Successors);

    /// <summary>Of the predecessor that it claims, and the living peers that the asker knows, the nearest before the seed peer.</summary>
    private static PeerRef? NearestBefore(PeerState asker, PeerRef seed, PeerRef? claimed)
    {
        if (claimed is null || !asker.IsMember)
            return claimed;
        return asker.Successors.Peers.Append(asker.Self).Append(claimed)
            .Where(peer => peer.Id != seed.Id)
            .MinBy(peer => peer.Id.DistanceTo(seed.Id));
    }
}

/// <summary>What a walk found.</summary>
/// <param name="Asker">As it was then.</param>
internal sealed record FoundEarlier(PeerState Asker, Neighbors Told);

/// <summary>What was read on one walk.</summary>
internal sealed record SeedViews(PeerRef? Origin, IReadOnlyList<SeedView> Views);

/// <summary>Seed peers side by side, before a peer that speaks our contract.</summary>
/// <param name="Before">The next one anticlockwise that speaks our contract; null when there is no other.</param>
/// <param name="Seeds">The seed peers between, from the nearest anticlockwise.</param>
public sealed record SeedStretch(PeerRef? Before, ImmutableArray<PeerRef> Seeds)
{
    /// <summary>Seed peers side by side that are looked past.</summary>
    public const int MaxSeeds = 64;

    /// <summary>
    /// This stretch where its nearest peer has become another since it was found: with one that has come to stand there, without those that have gone. Null where
    /// so many have gone that who stands before this one is not known.
    /// </summary>
    /// <param name="self">The peer that they stand before.</param>
    public SeedStretch? EndingAt(PeerRef nearest, PeerRef self)
    {
        if (!Seeds.IsEmpty && Seeds[0] == nearest)
            return this;
        return Before is { } before && !nearest.Id.IsBetween(before.Id, self.Id)
            ? null
            : this with { Seeds = [nearest, .. Seeds.Where(seed => seed.Id.IsBetween(self.Id, nearest.Id))] };
    }

    /// <summary>
    /// Where all lies that one of the seed peers keeps, by <see cref="KeeperOf"/>: from the place of the seed peer before it, which that one does not keep, or from
    /// behind ours before it; to its own place, which it does not keep.
    /// </summary>
    /// <param name="number">Of the seed peer, from the nearest.</param>
    /// <param name="self">The peer that they stand before.</param>
    public Arc KeptBy(int number, PeerRef self)
    {
        if (number + 1 == Seeds.Length)
            return new Arc((Before ?? self).Id, Seeds[number].Id);
        Identifier before = Seeds[number + 1].Id;
        ulong last = (1UL << before.Bits) - 1;
        return new Arc(Identifier.FromUInt64(before.Bits, (before.ToUInt64() + last) & last), Seeds[number].Id);
    }

    /// <summary>The seed peer that keeps what lies at this place; null when none of these does. What lies at exactly its own place it expects of the peer behind it.</summary>
    /// <param name="self">The peer that they stand before.</param>
    public PeerRef? KeeperOf(Identifier place, PeerRef self)
    {
        for (int i = 0; i < Seeds.Length; i++)
        {
            PeerRef before = i + 1 < Seeds.Length ? Seeds[i + 1] : Before ?? self;
            if (place == Seeds[i].Id)
                return i == 0 ? null : Seeds[i - 1];
            if (place.IsOnArc(before.Id, Seeds[i].Id))
                return Seeds[i];
        }
        return null;
    }
}
