using ChordAspire.Protocol;

namespace ChordAspire.Simulation.Experiments;

/// <summary>Keys spread over processes, each of which carries one or more identifiers of an ideal ring. Who owns a key is for the production rule to say.</summary>
internal sealed class KeyPlacement
{
    private readonly ChordParameters _parameters = new();
    private readonly PeerRef[] _sorted;
    private readonly int[] _processes;
    private readonly PeerState?[] _states;
    private readonly double[] _held;

    public KeyPlacement(Chance places, int processes, int identifiersEach)
    {
        (Identifier Id, int Process)[] drawn = new (Identifier, int)[processes * identifiersEach];
        for (int i = 0; i < drawn.Length; i++)
            drawn[i] = (places.NextIdentifier(_parameters.Bits), i % processes);
        Array.Sort(drawn, (one, other) => one.Id.CompareTo(other.Id));
        string[] addresses = [.. Enumerable.Range(0, processes).Select(HostNames.Of)];
        _sorted = [.. drawn.Select(peer => new PeerRef(peer.Id, addresses[peer.Process]))];
        _processes = [.. drawn.Select(peer => peer.Process)];
        _states = new PeerState?[_sorted.Length];
        _held = new double[processes];
    }

    /// <summary>Keys by process, so far.</summary>
    public Distribution Loads => new(_held);

    public void Store(Chance keys, int count)
    {
        for (int i = 0; i < count; i++)
            _held[_processes[OwnerOf(keys.NextIdentifier(_parameters.Bits))]]++;
    }

    private int OwnerOf(Identifier key)
    {
        int low = 0;
        int high = _sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_sorted[middle].Id < key)
                low = middle + 1;
            else
                high = middle;
        }
        int place = low % _sorted.Length;
        // Searching only proposes; the peer itself decides whether the key is on its arc.
        return Routing.Owns(StateAt(place), key) ? place : throw new InvalidOperationException($"{_sorted[place]} does not own {key}.");
    }

    private PeerState StateAt(int place) => _states[place] ??= PeerState.CreateMember(
        _sorted[place], _parameters, _sorted[(place + _sorted.Length - 1) % _sorted.Length], SuccessorList.Alone, FingerTable.Empty);
}
