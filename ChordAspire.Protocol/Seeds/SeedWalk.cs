using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>
/// Goes from a seed peer clockwise, from successor to successor, past whoever is silent: what would stand in its successor list if it kept one. Ends at the
/// first peer that keeps one, after r peers, or where the circle closes.
/// </summary>
/// <param name="asker">Who asks; what it knows helps on where a seed peer's only successor is silent.</param>
/// <param name="origin">The seed peer whose neighbours are wanted.</param>
internal sealed class SeedWalk(ISeedCalls calls, SeedCare care, PeerState asker, PeerRef origin)
{
    /// <summary>Peers tried in place of a successor that does not answer.</summary>
    private const int MaxTries = 4;

    /// <summary>Neighbours of the asker tried before whom a seed peer names.</summary>
    private const int MaxNearer = 2;

    private readonly ImmutableArray<PeerRef>.Builder _list = ImmutableArray.CreateBuilder<PeerRef>();

    /// <summary>Where seed peers were met. Each is one peer: one that names itself under ever other identifiers is not followed.</summary>
    private readonly HashSet<string> _met = [origin.Address];

    /// <summary>Whether the walk went to somebody that no seed peer named as the next. There may be others before that one, so that no circle closes any more.</summary>
    private bool _isGuessed;

    /// <summary>What the seed peers on the way said.</summary>
    public List<SeedView> Views { get; } = [];

    private int Length => asker.Parameters.SuccessorListLength;

    /// <summary>Null when the seed peer is silent.</summary>
    public async Task<Neighbors?> RunAsync()
    {
        if (await SeedPointers.ReadAsync(calls, origin).ConfigureAwait(false) is not { } first)
            return null;
        (PeerRef at, SeedPointers pointers, bool closed) = (origin, first, false);
        while (true)
        {
            Views.Add(new SeedView(at, pointers.Predecessor, pointers.Successor));
            Found? next = await FindNextAsync(at, pointers).ConfigureAwait(false);
            await care.TeachAsync(at, pointers, next?.Peer, next?.Predecessor, isPatient: !asker.IsMember).ConfigureAwait(false);
            if (next is null)
            {
                closed = true;
                break;
            }
            // Our former self stands there, for those who have not heard of its end. Only where there is nobody else can it be passed over.
            if (!asker.IsMember && pointers.Successor?.Id == asker.Self.Id)
            {
                _list.Add(asker.Self);
                break;
            }
            bool isOurselves = next.Peer.Id == asker.Self.Id;
            if (isOurselves && _isGuessed)
                break;
            _isGuessed |= !isOurselves && next.Peer != pointers.Successor;
            _list.Add(next.Peer);
            if (isOurselves || _list.Count == Length)
                break;
            if (next.Told is { } told)
            {
                closed = Follow(told.Successors);
                break;
            }
            _met.Add(next.Peer.Address);
            (at, pointers) = (next.Peer, next.Pointers!);
        }
        return new Neighbors(first.Predecessor, new SuccessorList(_list.ToImmutable(), closed));
    }

    /// <summary>Goes on with a list that was told. True when the circle closes on it.</summary>
    private bool Follow(SuccessorList told)
    {
        foreach (PeerRef peer in told.Peers)
        {
            if (peer.Id == origin.Id)
                return !_isGuessed;
            if ((_isGuessed && peer.Id == asker.Self.Id) || _list.Count == Length || !IsAhead(peer, _list[^1]))
                break;
            _list.Add(peer);
        }
        // A list that spans the ring but lacks the seed peer is of somebody who has not heard of it.
        return false;
    }

    /// <summary>
    /// The next peer alive: a neighbour of the asker before the named successor, or whom the seed peer names, or else the nearest of those that it or
    /// the asker knows. Null when there is no other.
    /// </summary>
    private async Task<Found?> FindNextAsync(PeerRef at, SeedPointers pointers)
    {
        PeerRef? said = pointers.Successor;
        if (said is not null && IsAhead(said, at))
        {
            foreach (PeerRef passedBy in NeighborsOfAsker().Where(peer => peer.Id.IsBetween(at.Id, said.Id)).OrderBy(peer => at.Id.DistanceTo(peer.Id)).Take(MaxNearer))
            {
                if (await ContactAsync(passedBy).ConfigureAwait(false) is { } nearer)
                    return nearer;
            }
            if (await ContactAsync(said).ConfigureAwait(false) is { } named)
                return named;
        }
        ImmutableArray<PeerRef> fingers = await calls.GetFingersAsync(at).ConfigureAwait(false);
        IEnumerable<PeerRef> others = fingers.Concat(NeighborsOfAsker()).Concat(asker.Fingers.Runs.Select(run => run.Peer))
            .Where(peer => peer != said && IsAhead(peer, at))
            .DistinctBy(peer => peer.Id)
            .OrderBy(peer => at.Id.DistanceTo(peer.Id))
            .Take(MaxTries);
        foreach (PeerRef other in others)
        {
            if (await ContactAsync(other).ConfigureAwait(false) is { } found)
                return found;
        }
        return pointers.Predecessor is { } last && IsAhead(last, at) ? await ContactAsync(last).ConfigureAwait(false) : null;
    }

    /// <summary>Only what lies between where the walk has come to and where it began counts, so that no answer can lead it in circles.</summary>
    private bool IsAhead(PeerRef peer, PeerRef at) => peer.Id != origin.Id && peer.Id.IsBetween(at.Id, origin.Id);

    private IEnumerable<PeerRef> NeighborsOfAsker()
    {
        IEnumerable<PeerRef> known = asker.Predecessor is { } predecessor ? asker.Successors.Peers.Append(predecessor) : asker.Successors.Peers;
        return asker.IsMember ? known.Append(asker.Self) : known;
    }

    private async Task<Found?> ContactAsync(PeerRef peer)
    {
        // Before it joins, its own name is that of a former self.
        if (peer.Id == asker.Self.Id)
            return asker.IsMember ? new Found(asker.Self, asker.Neighbors, Pointers: null) : null;
        if (_met.Contains(peer.Address))
            return null;
        (PeerContact contact, Neighbors? told) = await calls.ReadNeighborsAsync(peer).ConfigureAwait(false);
        if (contact == PeerContact.Peer)
            return new Found(peer, told, Pointers: null);
        return contact == PeerContact.Seed && await SeedPointers.ReadAsync(calls, peer).ConfigureAwait(false) is { } pointers
            ? new Found(peer, Told: null, pointers)
            : null;
    }

    /// <summary>A peer that answered.</summary>
    /// <param name="Told">What it told, when it speaks our contract.</param>
    /// <param name="Pointers">What it told, when it is a seed peer.</param>
    private sealed record Found(PeerRef Peer, Neighbors? Told, SeedPointers? Pointers)
    {
        public PeerRef? Predecessor => Told is null ? Pointers!.Predecessor : Told.Predecessor;
    }
}
