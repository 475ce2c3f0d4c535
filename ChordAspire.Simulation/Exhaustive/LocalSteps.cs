using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// What a step makes of single peers, by the machine itself. A step reads at most one other peer, so its outcome depends on two cells and their
/// distance.
/// </summary>
/// <param name="rules">The machine.</param>
/// <param name="circle">The circle.</param>
/// <param name="locals">Numbers what comes out.</param>
internal sealed class LocalSteps(ProtocolRules rules, SmallCircle circle, LocalStates locals)
{
    /// <summary>The peer at place 0 goes on in its round, and its question is answered.</summary>
    /// <param name="kind">How it begins to ask.</param>
    /// <param name="one">Its state, at place 0.</param>
    /// <param name="notice">Whom it has yet to notify.</param>
    /// <param name="other">The state of the peer asked, at its place; null: nobody is there.</param>
    /// <param name="othersNotice">Whom that one has yet to notify.</param>
    public CellOutcome Read(SmallStepKind kind, PeerState one, int notice, PeerState? other, int othersNotice)
    {
        Step step = kind switch
        {
            SmallStepKind.Stabilize => rules(one, new ChordEvent.StabilizeDue()),
            SmallStepKind.Reconcile => rules(one, new ChordEvent.FixFingersDue()),
            SmallStepKind.Ask => Step.Then(one, new Effect.AskNeighbors(one.Query!.Asked, one.Query.Question)),
            _ => throw new InvalidOperationException($"{kind} does not read one other peer."),
        };
        return Answer(step, notice, other, othersNotice);
    }

    /// <summary>Rectify: one step with the check of the old predecessor, which is alive or not.</summary>
    /// <param name="one">The state of the peer notified, at place 0.</param>
    /// <param name="notifier">How far away the notifier is.</param>
    public CellOutcome Rectify(PeerState one, int notice, int notifier, bool oldAnswers)
    {
        Step step = rules(one, new ChordEvent.Notified(locals.Peers[notifier]));
        var made = new Made(circle, notice);
        made.Note(step);
        PeerState state = step.State;
        foreach (Effect effect in step.Effects)
        {
            if (effect is not Effect.Ping(PeerRef old))
                continue;
            Step after = rules(state, oldAnswers ? new ChordEvent.PingAnswered(old) : new ChordEvent.PingNotAnswered(old));
            state = after.State;
            made.Note(after);
        }
        return new CellOutcome(locals.NumberOf(state, made.Notice), 0, made.Tripped);
    }

    /// <summary>Joins behind a member, as a lookup of its own place would have it.</summary>
    /// <param name="place">The newcomer's place.</param>
    /// <param name="predecessor">The state of the member it was told to be behind, at place 0.</param>
    /// <param name="othersNotice">Whom that member has yet to notify.</param>
    /// <param name="owner">The place of that member's first living successor.</param>
    public CellOutcome Join(int place, PeerState predecessor, int othersNotice, int owner)
    {
        PeerRef self = locals.Peers[place];
        PeerState joining = rules(PeerState.Create(self, LocalStates.Parameters), new ChordEvent.JoinThrough(predecessor.Self)).State;
        var found = new LookupOutcome(self.Id, locals.Peers[owner], predecessor.Self, [], 0, Failure: null);
        return Answer(rules(joining, new ChordEvent.LookupEnded(LookupPurpose.Join, found)), CellFacts.None, predecessor, othersNotice);
    }

    /// <summary>
    /// The first question among the effects is answered at once, by the other peer as it is; one that follows is left for a step of its own.
    /// </summary>
    private CellOutcome Answer(Step step, int notice, PeerState? other, int othersNotice)
    {
        PeerState state = step.State;
        PeerState? read = other;
        var made = new Made(circle, notice);
        made.Note(step);
        foreach (Effect effect in step.Effects)
        {
            if (effect is not Effect.AskNeighbors(PeerRef peer, int question))
                continue;
            Neighbors? told = null;
            if (other is not null)
            {
                Step answered = rules(other, new ChordEvent.NeighborsAsked(0));
                read = answered.State;
                told = answered.Effects.OfType<Effect.AnswerNeighbors>().Single().Neighbors;
            }
            ChordEvent outcome = told is null ? new ChordEvent.NeighborsNotTold(peer, question) : new ChordEvent.NeighborsTold(peer, question, told);
            Step after = rules(state, outcome);
            state = after.State;
            made.Note(after);
        }
        if (!state.IsMember)
            return CellOutcome.Nothing;
        return new CellOutcome(locals.NumberOf(state, made.Notice), read is null ? 0 : locals.NumberOf(read, othersNotice), made.Tripped);
    }

    private struct Made(SmallCircle circle, int notice)
    {
        public int Notice { get; private set; } = notice;

        public bool Tripped { get; private set; }

        public void Note(Step step)
        {
            int self = LocalStates.PlaceOf(step.State.Self);
            foreach (Effect effect in step.Effects)
            {
                if (effect is Effect.Notify(PeerRef peer))
                    Notice = circle.Distance(self, LocalStates.PlaceOf(peer));
                Tripped |= effect is Effect.Report(ChordNotice.MonitorTripped);
            }
        }
    }
}

/// <summary>What the peer and the one it read are afterwards.</summary>
/// <param name="One">The cell of the peer; 0: it did not become a member, and nothing has happened.</param>
/// <param name="Other">The cell of the other peer; 0: nobody is there, or it was not read.</param>
internal readonly record struct CellOutcome(int One, int Other, bool Tripped)
{
    public static CellOutcome Nothing => default;
}
