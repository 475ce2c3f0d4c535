using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>One lookup, driven by the asker (iterative, SIGCOMM 2001 §4.3): who to ask next, given what was answered so far.</summary>
/// <remarks>
/// Asks no peer twice, remembers who was silent, and ends after a bounded number of hops. The owner is asked too before it is named, so a
/// finished lookup names a peer that was alive a moment ago. Not thread-safe: one asker drives it.
/// </remarks>
public sealed class Lookup
{
    private readonly Candidates _preceding;
    private readonly Candidates _owners;
    private readonly ImmutableArray<LookupHop>.Builder _path = ImmutableArray.CreateBuilder<LookupHop>();
    private readonly int _maxHops;
    private PeerRef? _asker;
    private PeerRef? _predecessor;
    private int _tryStart;
    private int _hopsToPredecessor;

    private Lookup(Identifier key, int maxHops)
    {
        Key = key;
        _preceding = new Candidates(key, behindKey: false);
        _owners = new Candidates(key, behindKey: true);
        _maxHops = maxHops;
    }

    public Identifier Key { get; }

    /// <summary>Set when the lookup has come to an end.</summary>
    public LookupOutcome? Outcome { get; private set; }

    /// <summary>Begins at a member, from what it knows itself; its own answer is no hop.</summary>
    public static Lookup FromMember(PeerState asker, Identifier key, int maxHops)
    {
        var lookup = new Lookup(key, maxHops) { _asker = asker.Self };
        lookup.Take(asker.Self, Routing.Answer(asker, key));
        return lookup;
    }

    /// <summary>Begins at a contact, for an asker that is no member.</summary>
    public static Lookup FromContact(PeerRef contact, Identifier key, int maxHops)
    {
        var lookup = new Lookup(key, maxHops);
        lookup._preceding.Offer(contact);
        return lookup;
    }

    /// <summary>The peer to ask now; null when the lookup has ended and <see cref="Outcome"/> is set.</summary>
    public PeerRef? Next()
    {
        if (Outcome is not null)
            return null;
        PeerRef? closest = _preceding.Nearest;
        // Owners named from afar count only when nobody between the one who named them and the key answers.
        if (closest is not null && (_predecessor is null || closest.Id.DistanceTo(Key) < _predecessor.Id.DistanceTo(Key)))
            return WithinCeiling(closest);
        if (_owners.Nearest is { } owner)
        {
            // One that has answered is it: nobody nearer to the key is alive.
            return HasAnswered(owner) ? End(owner, failure: null) : WithinCeiling(owner);
        }
        return closest is not null ? WithinCeiling(closest) : End(owner: null, LookupFailure.NoRoute);
    }

    /// <summary>Whether this peer would be named as the owner if it answered. Going round it when it is only slow would name the wrong one.</summary>
    public bool IsOwnerCandidate(PeerRef peer) => _owners.Contains(peer);

    /// <summary>The peer that <see cref="Next"/> named has answered.</summary>
    public void Answered(PeerRef peer, RouteAnswer answer)
    {
        _path.Add(new LookupHop(peer, Answered: true));
        if (!_owners.Contains(peer))
        {
            _hopsToPredecessor++;
            Take(peer, answer);
            return;
        }
        if (answer.OwnsKey)
            End(peer, failure: null);
        else if (answer.Predecessor is { } nearer && Key.DistanceTo(nearer.Id) < Key.DistanceTo(peer.Id))
            OfferOwner(nearer);
    }

    /// <summary>The peer that <see cref="Next"/> named is silent, or no member.</summary>
    public void NotAnswered(PeerRef peer)
    {
        _path.Add(new LookupHop(peer, Answered: false));
        _preceding.Remove(peer);
        _owners.Remove(peer);
    }

    /// <summary>
    /// Begins again from what the asker knows by now, after <see cref="LookupFailure.NoRoute"/>: the ring may have been repaired, and who was silent may
    /// only have been slow. Path and hop ceiling go on.
    /// </summary>
    public void TryAgain(PeerState asker)
    {
        Outcome = null;
        _tryStart = _path.Count;
        _preceding.Clear();
        _owners.Clear();
        _predecessor = null;
        Take(asker.Self, Routing.Answer(asker, Key));
    }

    /// <summary>The deadline of the whole lookup has passed.</summary>
    public void Expire()
    {
        if (Outcome is null)
            End(owner: null, LookupFailure.DeadlinePassed);
    }

    private void Take(PeerRef teller, RouteAnswer answer)
    {
        _preceding.Remove(teller);
        if (answer.OwnsKey)
        {
            // Nobody named it, so it is its own predecessor that stands before the key; a peer alone is that itself.
            _predecessor ??= answer.Predecessor ?? (teller.Id == Key ? null : teller);
            End(teller, failure: null);
            return;
        }
        if (!answer.Successors.IsEmpty && (_predecessor is null || teller.Id.DistanceTo(Key) < _predecessor.Id.DistanceTo(Key)))
            _predecessor = teller;
        foreach (PeerRef peer in answer.Successors)
            OfferOwner(peer);
        foreach (PeerRef peer in answer.Closer)
        {
            // Only progress counts: whoever does not lie between the teller and the key cannot lead the lookup in circles.
            if (peer.Id.IsBetween(teller.Id, Key) && peer != _asker && Asked(peer) is null)
                _preceding.Offer(peer);
        }
    }

    /// <summary>A peer that answered on the way to the key, or the asker itself, may turn out to be the owner: it need not be asked again.</summary>
    private void OfferOwner(PeerRef peer)
    {
        if (peer == _asker || Asked(peer) != false)
            _owners.Offer(peer);
    }

    private bool HasAnswered(PeerRef peer) => peer == _asker || Asked(peer) == true;

    /// <summary>Whether this peer answered when asked in this try; null when it was not asked.</summary>
    private bool? Asked(PeerRef peer)
    {
        for (int i = _tryStart; i < _path.Count; i++)
        {
            if (_path[i].Peer == peer)
                return _path[i].Answered;
        }
        return null;
    }

    private PeerRef? WithinCeiling(PeerRef peer) => _path.Count < _maxHops ? peer : End(owner: null, LookupFailure.TooManyHops);

    private PeerRef? End(PeerRef? owner, LookupFailure? failure)
    {
        Outcome = new LookupOutcome(Key, owner, _predecessor, _path.ToImmutable(), _hopsToPredecessor, failure);
        return null;
    }
}
