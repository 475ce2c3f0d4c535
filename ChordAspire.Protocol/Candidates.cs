namespace ChordAspire.Protocol;

/// <summary>Peers that a lookup may ask, in the order of their distance to the key; none of them twice.</summary>
/// <param name="key">The key.</param>
/// <param name="behindKey">Whether distance is measured from the key on to the peer, as for owners, or from the peer on to the key.</param>
internal sealed class Candidates(Identifier key, bool behindKey)
{
    private const int UsuallyEnough = 16;
    private PeerRef[] _peers = new PeerRef[behindKey ? ChordParameters.MinSuccessorListLength * 2 : UsuallyEnough];
    private int _count;

    /// <summary>The nearest to the key; of several at the same place, the one offered first. Null when there is none.</summary>
    public PeerRef? Nearest => _count == 0 ? null : _peers[_count - 1];

    public void Offer(PeerRef peer)
    {
        Identifier distance = DistanceOf(peer);
        // Nearest last: whoever is offered later in a lookup is mostly nearer.
        int at = _count;
        while (at > 0)
        {
            int order = DistanceOf(_peers[at - 1]).CompareTo(distance);
            if (order > 0)
                break;
            if (order == 0 && _peers[at - 1] == peer)
                return;
            at--;
        }
        if (_count == _peers.Length)
            Array.Resize(ref _peers, 2 * _count);
        Array.Copy(_peers, at, _peers, at + 1, _count - at);
        _peers[at] = peer;
        _count++;
    }

    public bool Contains(PeerRef peer) => PlaceOf(peer) >= 0;

    public void Remove(PeerRef peer)
    {
        int place = PlaceOf(peer);
        if (place < 0)
            return;
        _count--;
        Array.Copy(_peers, place + 1, _peers, place, _count - place);
    }

    public void Clear() => _count = 0;

    private int PlaceOf(PeerRef peer)
    {
        int place = _count - 1;
        while (place >= 0 && _peers[place] != peer)
            place--;
        return place;
    }

    private Identifier DistanceOf(PeerRef peer) => behindKey ? key.DistanceTo(peer.Id) : peer.Id.DistanceTo(key);
}
