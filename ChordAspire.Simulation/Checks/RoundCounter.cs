namespace ChordAspire.Simulation;

/// <summary>Counts each peer's stabilize rounds. A round of the ring is over when every peer has ended one.</summary>
public sealed class RoundCounter
{
    private int[] _ended = new int[16];

    public void Restart() => Array.Clear(_ended);

    /// <summary>Rounds ended by whoever of these has ended fewest.</summary>
    public int Fewest(IEnumerable<SimulatedPeer> peers)
    {
        int fewest = int.MaxValue;
        foreach (SimulatedPeer peer in peers)
        {
            if (peer.IsLiveMember)
                fewest = Math.Min(fewest, peer.Host < _ended.Length ? _ended[peer.Host] : 0);
        }
        return fewest == int.MaxValue ? 0 : fewest;
    }

    internal void Count(int host)
    {
        if (host >= _ended.Length)
            Array.Resize(ref _ended, 2 * (host + 1));
        _ended[host]++;
    }

    internal void Forget(int host)
    {
        if (host < _ended.Length)
            _ended[host] = 0;
    }
}
