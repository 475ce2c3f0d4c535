using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Numbers the cells: the different states of single peers, as seen from their own place, together with whom they have yet to notify. Only the
/// order of
/// identifiers enters the rules, not their distance, so a peer behaves alike at every place, and places 0 to n - 1 stand for any identifiers.
/// </summary>
/// <remarks>Numbering is for one thread at a time; what is numbered may be read by all.</remarks>
internal sealed class LocalStates
{
    private const int Bits = 4;
    private readonly PeerState[] _states;
    private readonly CellFacts[] _facts;
    private readonly Dictionary<(PeerState State, int Notice), int> _numbers = [];
    private readonly SmallCircle _circle;
    private readonly Func<PeerState, int, (PeerState State, int Notice)> _kept;

    /// <param name="circle">The circle.</param>
    /// <param name="kept">What of a cell tells it from others.</param>
    public LocalStates(SmallCircle circle, Func<PeerState, int, (PeerState State, int Notice)> kept)
    {
        _circle = circle;
        _kept = kept;
        _states = new PeerState[circle.CellsMax];
        _facts = new CellFacts[circle.CellsMax];
        Peers = [.. Enumerable.Range(0, circle.Places).Select(place => new PeerRef(Identifier.FromUInt64(Bits, (ulong)place), HostNames.Of(place)))];
    }

    /// <summary>The peers by their place.</summary>
    public PeerRef[] Peers { get; }

    public static ChordParameters Parameters { get; } = new(Bits, ExhaustiveCheck.SuccessorListLength);

    /// <summary>Cells numbered so far.</summary>
    public int Count => _numbers.Count;

    /// <summary>The state of a cell, at place 0.</summary>
    public PeerState this[int cell] => _states[cell];

    public ref readonly CellFacts FactsOf(int cell) => ref _facts[cell];

    public static int PlaceOf(PeerRef peer) => (int)peer.Id.ToUInt64();

    /// <summary>The number of the cell with this state, wherever its peer is, and this notification under way.</summary>
    /// <param name="notice">How far away the peer is that has yet to be notified; <see cref="CellFacts.None"/>.</param>
    public int NumberOf(PeerState state, int notice)
    {
        // A question's number only tells it from earlier ones, and here each outcome comes before the next question.
        PeerState plain = state with { LastQuestion = 0, RingReady = true, Query = state.Query is { } query ? query with { Question = 0 } : null };
        (PeerState State, int Notice) cell = _kept(Turn(plain, _circle.Places - PlaceOf(state.Self)), notice);
        if (_numbers.TryGetValue(cell, out int number))
            return number;
        number = _numbers.Count + 1;
        if (number == _circle.CellsMax)
            throw new InvalidOperationException($"More than {_circle.CellsMax - 1} states of single peers: the check is made for smaller rings.");
        _states[number] = cell.State;
        _facts[number] = CellFacts.Of(cell.State, cell.Notice, _circle.Places);
        _numbers.Add(cell, number);
        return number;
    }

    /// <summary>The state of a cell at another place than 0.</summary>
    public PeerState StateAt(int cell, int place) => Turn(_states[cell], place);

    /// <summary>The same state so many places further round the circle.</summary>
    public PeerState Turn(PeerState state, int places) => places % _circle.Places == 0 ? state : state with
    {
        Self = Turn(state.Self, places),
        Predecessor = state.Predecessor is { } predecessor ? Turn(predecessor, places) : null,
        Newcomer = state.Newcomer is { } newcomer ? Turn(newcomer, places) : null,
        Successors = new SuccessorList([.. state.Successors.Peers.Select(peer => Turn(peer, places))], state.Successors.SpansRing),
        Query = state.Query is { } query ? query with { Asked = Turn(query.Asked, places) } : null,
    };

    private PeerRef Turn(PeerRef peer, int places) => Peers[_circle.At(PlaceOf(peer), places)];
}
