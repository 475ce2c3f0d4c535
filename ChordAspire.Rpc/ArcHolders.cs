using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>The peers that may hold the objects of an arc, one after the other and round again: its owner and those behind it, without those that turn out to hold nothing.</summary>
/// <param name="peers">All of the ring, clockwise.</param>
/// <param name="owner">Which of them owns the arc.</param>
internal sealed class ArcHolders(ImmutableArray<PeerRef> peers, int owner)
{
    /// <summary>With three copies, all that hold the arc's objects.</summary>
    private const int Copies = 3;

    /// <summary>Objects are kept by peers in the successor list of their owner: behind these nobody has them.</summary>
    private readonly int _most = Math.Min(peers.Length, Copies + RingLimits.MaxSuccessors);

    private readonly List<PeerRef> _holders = [.. Enumerable.Range(owner, Math.Min(Copies, peers.Length)).Select(i => peers[i % peers.Length])];
    private int _known = Math.Min(Copies, peers.Length);
    private int _current;

    /// <summary>Who is to be asked.</summary>
    public PeerRef Current => _holders[_current];

    /// <summary>Goes to the next one. False when the last has been asked, and it is the first again.</summary>
    public bool MoveNext()
    {
        _current = (_current + 1) % _holders.Count;
        return _current > 0;
    }

    /// <summary>The current one is a seed peer, which keeps no copies: the one behind the others holds them instead. False as with <see cref="MoveNext"/>.</summary>
    public bool Drop()
    {
        // Where there is nobody else, it stays, to be asked again after a pause.
        if (_known == _most && _holders.Count == 1)
            return false;
        _holders.RemoveAt(_current);
        if (_known < _most)
            _holders.Add(peers[(owner + _known++) % peers.Length]);
        if (_current < _holders.Count)
            return true;
        _current = 0;
        return false;
    }
}
