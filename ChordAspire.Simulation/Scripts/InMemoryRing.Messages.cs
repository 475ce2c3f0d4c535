using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>How effects become messages, and messages events.</summary>
internal sealed partial class InMemoryRing
{
    public void DeliverNext() => Deliver(0);

    /// <summary>Delivers the first message under way that this is true of; false when there is none.</summary>
    /// <param name="isIt">Given who sent the effect or waits for the outcome, and the one or the other.</param>
    public bool Deliver(Func<PeerRef, Effect?, ChordEvent?, bool> isIt)
    {
        int index = _underWay.FindIndex(message => isIt(message.From.State.Self, message.Effect, message.Event));
        if (index < 0)
            return false;
        Deliver(index);
        return true;
    }

    public void DeliverAny(Random chance) => Deliver(chance.Next(_underWay.Count));

    /// <summary>Delivers every message under way, and those that follow from them.</summary>
    public void Settle()
    {
        for (int deliveries = 0; _underWay.Count > 0; deliveries++)
        {
            if (deliveries == MaxDeliveries)
                throw new InvalidOperationException($"The messages never end:\n{Snapshot().Draw()}");
            Deliver(0);
        }
        RemoveTheLeft();
    }

    private Life? MemberAt(PeerRef peer) =>
        _living.TryGetValue(peer.Address, out Life? life) && life.State.IsMember && life.State.Self.Id == peer.Id ? life : null;

    private void SettleUnlessHeld()
    {
        if (!_held)
            Settle();
    }

    private void Handle(Life life, ChordEvent input)
    {
        PeerState before = life.State;
        Step step = _rules(before, input);
        life.State = step.State;
        foreach (Effect effect in step.Effects)
            TakeUp(life, effect);
        AfterEvent?.Invoke(before, input, step);
    }

    /// <summary>What needs no other peer is done at once; the rest is a message.</summary>
    private void TakeUp(Life from, Effect effect)
    {
        switch (effect)
        {
            case Effect.Report(ChordNotice notice):
                Notices.Add((from.State.Self, notice));
                break;
            case Effect.AnswerNeighbors(long token, var neighbors):
                _askers.Remove(token, out (Life Asker, int Question) asked);
                PeerRef self = from.State.Self;
                Return(asked.Asker, neighbors is null
                    ? new ChordEvent.NeighborsNotTold(self, asked.Question)
                    : new ChordEvent.NeighborsTold(self, asked.Question, neighbors));
                break;
            case Effect.JoinFailed(JoinFailure reason, _):
                FailedJoins.Add((from.State.Self, reason));
                if (reason != JoinFailure.IdentifierTaken)
                    _waiting[from] = (from.Contacts, false);
                break;
            case Effect.SeekRing(var contacts):
                _waiting[from] = ([.. contacts], true);
                break;
            case Effect.HandOver:
                break;
            default:
                _underWay.Add(new Message(from, effect, Event: null));
                break;
        }
    }

    private void Return(Life to, ChordEvent outcome) => _underWay.Add(new Message(to, Effect: null, outcome));

    private void Deliver(int index)
    {
        Message message = _underWay[index];
        _underWay.RemoveAt(index);
        Life from = message.From;
        if (message.Event is { } outcome)
        {
            if (from.IsAlive)
                Handle(from, outcome);
            return;
        }
        switch (message.Effect)
        {
            case Effect.AskNeighbors(PeerRef peer, int question) when _living.TryGetValue(peer.Address, out Life? asked):
                _askers[++_tokens] = (from, question);
                Handle(asked, new ChordEvent.NeighborsAsked(_tokens));
                break;
            case Effect.AskNeighbors(PeerRef peer, int question):
                Return(from, new ChordEvent.NeighborsNotTold(peer, question));
                break;
            case Effect.Ping(PeerRef peer):
                Return(from, MemberAt(peer) is null ? new ChordEvent.PingNotAnswered(peer) : new ChordEvent.PingAnswered(peer));
                break;
            case Effect.Notify(PeerRef peer) when _living.TryGetValue(peer.Address, out Life? notified):
                Handle(notified, new ChordEvent.Notified(from.State.Self));
                break;
            case Effect.TellDeparture(PeerRef peer) when _living.TryGetValue(peer.Address, out Life? told):
                Handle(told, new ChordEvent.Departed(from.State.Self));
                break;
            case Effect.LookUp(Identifier key, LookupPurpose purpose, var contact):
                LookupOutcome found = Run(contact is null ? Lookup.FromMember(from.State, key, 64) : Lookup.FromContact(contact, key, 64));
                foreach (LookupHop hop in found.Path.Where(hop => !hop.Answered))
                    Return(from, new ChordEvent.Suspected(hop.Peer));
                Return(from, new ChordEvent.LookupEnded(purpose, found));
                break;
            case Effect.HandOverEverything:
                Return(from, new ChordEvent.HandedOver());
                break;
        }
    }

    public void RemoveTheLeft()
    {
        foreach (Life life in _living.Values.Where(life => life.State.Phase == MemberPhase.Left).ToArray())
            End(life);
    }

    private void End(Life life)
    {
        life.IsAlive = false;
        _living.Remove(life.State.Self.Address);
        _waiting.Remove(life);
    }

    /// <summary>A peer from its start to its end; a restart under the same identifier is another life.</summary>
    private sealed class Life(PeerState state)
    {
        public PeerState State { get; set; } = state;

        public bool IsAlive { get; set; } = true;

        public PeerRef[] Contacts { get; set; } = [];
    }

    /// <summary>An effect on its way to its target, or an outcome on its way back.</summary>
    private sealed record Message(Life From, Effect? Effect, ChordEvent? Event);
}
