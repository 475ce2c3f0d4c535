using System.Collections.Immutable;
using ChordAspire.Protocol;
using static ChordAspire.Tests.ReplicationRules.Objects;

namespace ChordAspire.Tests.ReplicationRules;

/// <summary>A ring of peers 10, 20, … 60 on a circle of 8 bits, seen from peer 30 with three copies of each object.</summary>
public abstract class SeenFromPeer30
{
    protected const int Bits = 8;

    private protected SeenFromPeer30()
    {
    }

    protected ReplicationState State { get; private set; } = ReplicationState.Create(Peer(30), Bits, copies: 3, ObjectIndex.Empty);

    protected static Identifier Id(int number) => Identifier.FromUInt64(Bits, (ulong)number);

    protected static PeerRef Peer(int number) => new(Id(number), $"127.0.0.1:{50_000 + number}");

    /// <summary>Some object whose place this is.</summary>
    protected static ObjectEntry EntryOn(int place, long stamp)
    {
        Arc objects = ObjectPlace.ObjectsOn(new Arc(Id(place), Id(place)));
        return new ObjectEntry(objects.To, Version(stamp), 1);
    }

    protected static ReplicationEvent.RingChanged Ring(int predecessor, params int[] successors)
    {
        var parameters = new ChordParameters(Bits, SuccessorListLength: 4);
        ImmutableArray<PeerRef> peers = [.. successors.Select(Peer)];
        return new ReplicationEvent.RingChanged(
            PeerState.CreateMember(Peer(30), parameters, Peer(predecessor), new SuccessorList(peers, spansRing: false), FingerTable.Empty));
    }

    protected static ReplicationEvent.ArcsTold Agreed(ReplicationEffect.AskArcs asked) => Told(asked, [.. asked.Questions.Select(_ => default(ArcAnswer))]);

    protected static ReplicationEvent.ArcsTold Told(ReplicationEffect.AskArcs asked, params ArcAnswer[] answers) =>
        new(asked.Peer, asked.Number, [.. answers], Own: null, Replicated: true);

    protected IReadOnlyList<ReplicationEffect> Handle(ReplicationEvent input)
    {
        (State, IReadOnlyList<ReplicationEffect> effects) = Replication.Handle(State, input);
        return effects;
    }

    protected void Settle()
    {
        foreach (ReplicationEffect.AskArcs asked in Handle(Ring(20, 40, 50, 60)).OfType<ReplicationEffect.AskArcs>())
            Handle(Agreed(asked));
        Assert.True(State.Replicated);
    }

    /// <summary>A round in which every replica agrees.</summary>
    protected IReadOnlyList<ReplicationEffect> Round()
    {
        IReadOnlyList<ReplicationEffect> effects = Handle(new ReplicationEvent.RoundDue());
        foreach (ReplicationEffect.AskArcs asked in effects.OfType<ReplicationEffect.AskArcs>())
            Handle(Agreed(asked));
        return effects;
    }
}
