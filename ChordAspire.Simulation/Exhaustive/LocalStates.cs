using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Numbers the states of single peers, and remembers what a step makes of them: a step reads at most one other peer, so its outcome depends on two numbers only.
/// The machine itself runs once for each pair.
/// </summary>
internal sealed class LocalStates
{
    private readonly ProtocolRules _rules;
    private readonly ChordParameters _parameters;
    private readonly PeerRef[] _peers;
    private readonly List<PeerState> _states = [null!];
    private readonly Dictionary<PeerState, int> _numbers = [];
    private readonly List<int> _turned = [];
    private readonly Dictionary<(SmallStepKind Kind, int One, int Other), Outcome> _outcomes = [];

    public LocalStates(ProtocolRules rules, ChordParameters parameters, PeerRef[] peers)
    {
        _rules = rules;
        _parameters = parameters;
        _peers = peers;
    }

    public PeerState this[int number] => _states[number];

    public int Count => _states.Count - 1;

    public int NumberOf(PeerState state)
    {
        // A question's number only tells it from earlier ones, and here each outcome comes before the next question.
        PeerState plain = state with { LastQuestion = 0, RingReady = true, Query = state.Query is { } query ? query with { Question = 0 } : null };
        if (_numbers.TryGetValue(plain, out int number))
            return number;
        number = _states.Count;
        if (number > ushort.MaxValue)
            throw new InvalidOperationException($"More than {ushort.MaxValue} local states: the check is made for smaller rings.");
        _states.Add(plain);
        _numbers.Add(plain, number);
        return number;
    }

    /// <summary>Whom this peer asks when it goes on; -1: nobody.</summary>
    public int Target(SmallStepKind kind, int one)
    {
        PeerState state = _states[one];
        if (kind == SmallStepKind.Ask)
            return state.Query is { } query ? PlaceOf(query.Asked) : -1;
        return state.Successors.First is { } first ? PlaceOf(first) : state.Predecessor is { } only ? PlaceOf(only) : -1;
    }

    public Outcome Take(SmallStepKind kind, int one, int other)
    {
        if (_outcomes.TryGetValue((kind, one, other), out Outcome known))
            return known;
        Outcome found = kind switch
        {
            SmallStepKind.Stabilize => Run(one, other, new ChordEvent.StabilizeDue()),
            SmallStepKind.Reconcile => Run(one, other, new ChordEvent.FixFingersDue()),
            SmallStepKind.Ask => AskAgain(one, other),
            _ => throw new InvalidOperationException($"{kind} does not read one other peer."),
        };
        _outcomes.Add((kind, one, other), found);
        return found;
    }

    /// <summary>Rectify: one step with the check of the old predecessor, which is alive or not.</summary>
    public Outcome Rectify(int one, int notifier, bool oldAnswers)
    {
        (SmallStepKind, int, int) key = (SmallStepKind.Notify, one, (notifier * 2) + (oldAnswers ? 1 : 0));
        if (_outcomes.TryGetValue(key, out Outcome known))
            return known;
        Step step = _rules(_states[one], new ChordEvent.Notified(_peers[notifier]));
        PeerState state = step.State;
        var made = new Made();
        foreach (Effect effect in step.Effects)
        {
            if (effect is Effect.Ping(PeerRef old))
            {
                Step after = _rules(state, oldAnswers ? new ChordEvent.PingAnswered(old) : new ChordEvent.PingNotAnswered(old));
                state = after.State;
                made.Note(after, PlaceOf);
            }
        }
        made.Note(step, PlaceOf);
        Outcome outcome = new(NumberOf(state), 0, made.Notice, made.Tripped);
        _outcomes.Add(key, outcome);
        return outcome;
    }

    /// <summary>The same local state one place further round the circle: only the order of identifiers matters, so it behaves alike.</summary>
    public int Turned(int number)
    {
        while (_turned.Count <= number)
            _turned.Add(0);
        if (number != 0 && _turned[number] == 0)
        {
            int turned = NumberOf(Turn(_states[number]));
            while (_turned.Count <= turned)
                _turned.Add(0);
            _turned[number] = turned;
        }
        return _turned[number];
    }

    private PeerState Turn(PeerState state) => state with
    {
        Self = Turn(state.Self),
        Predecessor = state.Predecessor is { } predecessor ? Turn(predecessor) : null,
        Newcomer = state.Newcomer is { } newcomer ? Turn(newcomer) : null,
        Successors = new SuccessorList([.. state.Successors.Peers.Select(Turn)], state.Successors.SpansRing),
        Query = state.Query is { } query ? query with { Asked = Turn(query.Asked) } : null,
    };

    private PeerRef Turn(PeerRef peer) => _peers[(PlaceOf(peer) + 1) % _peers.Length];

    public int PlaceOf(PeerRef peer) => (int)peer.Id.ToUInt64();

    private Outcome Run(int one, int other, ChordEvent due)
    {
        Step step = _rules(_states[one], due);
        return Answer(step, other);
    }

    private Outcome AskAgain(int one, int other)
    {
        PeerState state = _states[one];
        return Answer(Step.Then(state, new Effect.AskNeighbors(state.Query!.Asked, state.Query.Question)), other);
    }

    /// <summary>The first question among the effects is answered at once, by the other peer as it is; one that follows is left for a step of its own.</summary>
    private Outcome Answer(Step step, int other)
    {
        PeerState state = step.State;
        int read = other;
        var made = new Made();
        made.Note(step, PlaceOf);
        foreach (Effect effect in step.Effects)
        {
            Step after;
            switch (effect)
            {
                case Effect.AskNeighbors(PeerRef peer, int question) when other != 0:
                    Step answered = _rules(_states[other], new ChordEvent.NeighborsAsked(0));
                    read = NumberOf(answered.State);
                    Neighbors? told = answered.Effects.OfType<Effect.AnswerNeighbors>().Single().Neighbors;
                    after = _rules(state, told is null ? new ChordEvent.NeighborsNotTold(peer, question) : new ChordEvent.NeighborsTold(peer, question, told));
                    break;
                case Effect.AskNeighbors(PeerRef peer, int question):
                    after = _rules(state, new ChordEvent.NeighborsNotTold(peer, question));
                    break;
                default:
                    continue;
            }
            state = after.State;
            made.Note(after, PlaceOf);
        }
        return new Outcome(NumberOf(state), read, made.Notice, made.Tripped);
    }

    /// <summary>Joins behind a member, as a lookup of its own place would have it.</summary>
    /// <param name="place">The newcomer's place.</param>
    /// <param name="other">The member it was told to be behind.</param>
    /// <param name="owner">The place of that member's first living successor.</param>
    public Outcome Join(int place, int other, int owner)
    {
        (SmallStepKind, int, int) key = (SmallStepKind.Join, (place * SmallRing.MaxPeers) + owner, other);
        if (!_outcomes.TryGetValue(key, out Outcome outcome))
            _outcomes.Add(key, outcome = FindJoin(place, other, owner));
        return outcome;
    }

    private Outcome FindJoin(int place, int other, int owner)
    {
        PeerState predecessor = _states[other];
        PeerRef self = _peers[place];
        PeerState outside = PeerState.Create(self, _parameters);
        PeerState joining = _rules(outside, new ChordEvent.JoinThrough(predecessor.Self)).State;
        var found = new LookupOutcome(self.Id, _peers[owner], predecessor.Self, [], 0, Failure: null);
        return Answer(_rules(joining, new ChordEvent.LookupEnded(LookupPurpose.Join, found)), other);
    }

    /// <summary>What the peer and the one it read are afterwards.</summary>
    /// <param name="Notice">Whom it has yet to notify; -1: as before.</param>
    public readonly record struct Outcome(int One, int Read, int Notice, bool Tripped);

    private struct Made()
    {
        public int Notice { get; private set; } = -1;

        public bool Tripped { get; private set; }

        public void Note(Step step, Func<PeerRef, int> placeOf)
        {
            foreach (Effect effect in step.Effects)
            {
                if (effect is Effect.Notify(PeerRef peer))
                    Notice = placeOf(peer);
                Tripped |= effect is Effect.Report(ChordNotice.MonitorTripped);
            }
        }
    }
}
