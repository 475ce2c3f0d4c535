using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>A ring without time: the state of every living peer, and the messages between them in an order that a test or a script decides.</summary>
/// <remarks>
/// As thin as a driver can be. A message to a peer that is not there comes back as silence; outcomes for a former life of a peer are lost with it.
/// Verbs deliver everything at once, first in first out, unless the ring is on <see cref="Hold"/>.
/// </remarks>
internal sealed partial class InMemoryRing(ChordParameters parameters, ProtocolRules? rules = null)
{
    private const int MaxDeliveries = 1_000_000;
    private readonly Dictionary<string, Life> _living = [];
    private readonly Dictionary<long, (Life Asker, int Question)> _askers = [];
    private readonly Dictionary<Life, (PeerRef[] Contacts, bool OrAlone)> _waiting = [];
    private readonly List<Message> _underWay = [];
    private readonly ProtocolRules _rules = rules ?? ChordProtocol.Handle;
    private bool _held;
    private long _tokens;

    public ChordParameters Parameters { get; } = parameters;

    /// <summary>Everything the peers reported, oldest first.</summary>
    public List<(PeerRef Peer, ChordNotice Notice)> Notices { get; } = [];

    /// <summary>Every try at joining that failed.</summary>
    public List<(PeerRef Peer, JoinFailure Reason)> FailedJoins { get; } = [];

    /// <summary>Called after each event with the state before it, the event and its step.</summary>
    public Action<PeerState, ChordEvent, Step>? AfterEvent { get; set; }

    public IEnumerable<PeerState> States => _living.Values.Select(life => life.State).OrderBy(state => state.Self.Id);

    public IEnumerable<PeerState> Members => States.Where(state => state.IsMember);

    public int MessagesUnderWay => _underWay.Count;

    /// <summary>Outcomes that have not arrived yet at the peer who asked.</summary>
    public IEnumerable<(PeerState Asker, ChordEvent Outcome)> OutcomesUnderWay =>
        from message in _underWay
        where message.Event is not null && message.From.IsAlive
        select (message.From.State, message.Event);

    public PeerState this[ulong id] => _living[AddressOf(id)].State;

    public static string AddressOf(ulong id) => $"peer-{id}";

    public Identifier Id(ulong id) => Identifier.FromUInt64(Parameters.Bits, id);

    public PeerRef Ref(ulong id) => new(Id(id), AddressOf(id));

    public bool IsLiving(ulong id) => _living.ContainsKey(AddressOf(id));

    public RingSnapshot Snapshot() => new(States.Select(PeerView.Of), Parameters.SuccessorListLength);

    /// <summary>An ideal ring of these peers.</summary>
    public static InMemoryRing OfIdeal(ChordParameters parameters, ProtocolRules? rules, params ReadOnlySpan<ulong> peers)
    {
        var ring = new InMemoryRing(parameters, rules);
        PeerRef[] sorted = new PeerRef[peers.Length];
        for (int i = 0; i < peers.Length; i++)
            sorted[i] = ring.Ref(peers[i]);
        Array.Sort(sorted, (one, other) => one.Id.CompareTo(other.Id));
        for (int i = 0; i < sorted.Length; i++)
            ring.Place(IdealRing.StateOf(parameters, sorted, i));
        return ring;
    }

    /// <summary>Puts a peer there as it is; for rings that begin in a state of the test's choice.</summary>
    public void Place(PeerState state) => _living[state.Self.Address] = new Life(state);

    /// <summary>Gives a living peer a successor list out of nowhere.</summary>
    public void Teach(ulong id, params ReadOnlySpan<ulong> successors)
    {
        Life life = _living[AddressOf(id)];
        var peers = ImmutableArray.CreateBuilder<PeerRef>(successors.Length);
        foreach (ulong successor in successors)
            peers.Add(Ref(successor));
        life.State = life.State with { Successors = new SuccessorList(peers.MoveToImmutable(), spansRing: false) };
    }

    public void Start(ulong id)
    {
        Place(PeerState.Create(Ref(id), Parameters));
        Tell(id, new ChordEvent.StartRing());
    }

    /// <summary>Starts a peer, or starts it again, and lets it join through a contact; it tries again in every round until it is a member.</summary>
    public void Join(ulong id, ulong via, string? address = null)
    {
        PeerRef self = Ref(id) with { Address = address ?? AddressOf(id) };
        if (_living.TryGetValue(self.Address, out Life? former))
            End(former);
        Place(PeerState.Create(self, Parameters));
        _waiting[_living[self.Address]] = ([Ref(via)], false);
        RetryJoins(only: self.Address);
        SettleUnlessHeld();
    }

    /// <summary>Stops a peer without notice.</summary>
    public void Fail(params ReadOnlySpan<ulong> ids)
    {
        foreach (ulong id in ids)
        {
            if (!_living.TryGetValue(AddressOf(id), out Life? life))
                throw new InvalidOperationException($"There is no living peer {id}.");
            End(life);
        }
    }

    public void Leave(ulong id)
    {
        Tell(id, new ChordEvent.LeaveRequested());
        RemoveTheLeft();
    }

    public void Stabilize(ulong id) => Tell(id, new ChordEvent.StabilizeDue());

    public void Tell(ulong id, ChordEvent input)
    {
        Handle(_living[AddressOf(id)], input);
        SettleUnlessHeld();
    }

    /// <summary>From now on messages wait until they are delivered one by one.</summary>
    public void Hold() => _held = true;

    /// <summary>Delivers what was held, first in first out, and goes on so.</summary>
    public void Release()
    {
        _held = false;
        Settle();
    }

    /// <summary>One round of every peer, one after the other, in the order of their identifiers.</summary>
    public void RunRound()
    {
        RetryJoins();
        Settle();
        foreach (PeerState state in States.ToArray())
        {
            if (!_living.TryGetValue(state.Self.Address, out Life? life))
                continue;
            Handle(life, new ChordEvent.StabilizeDue());
            Settle();
        }
    }

    /// <summary>One round of every peer, all begun at the same moment.</summary>
    public void RunRoundInLockstep()
    {
        RetryJoins();
        Settle();
        foreach (PeerState state in States.ToArray())
            Handle(_living[state.Self.Address], new ChordEvent.StabilizeDue());
        Settle();
    }

    /// <summary>Runs rounds until the ring is ideal, and says how many it took; fails the test after so many.</summary>
    public int RunUntilIdeal(int roundsMax)
    {
        int rounds = 0;
        while (!Snapshot().IsIdeal)
        {
            if (rounds == roundsMax)
                throw new InvalidOperationException($"Not ideal within {roundsMax} rounds:\n{Snapshot().Draw()}");
            RunRound();
            rounds++;
        }
        return rounds;
    }

    /// <summary>One tick of every peer's timer for fingers.</summary>
    public void FixEachOnce()
    {
        foreach (PeerState state in Members.ToArray())
        {
            Handle(_living[state.Self.Address], new ChordEvent.FixFingersDue());
            Settle();
        }
    }

    /// <summary>As many fix-finger ticks as there are fingers: at least one whole pass.</summary>
    public void FixAllFingers()
    {
        foreach (PeerState state in Members.ToArray())
        {
            for (int tick = 0; tick < Parameters.Bits; tick++)
            {
                Handle(_living[state.Self.Address], new ChordEvent.FixFingersDue());
                Settle();
            }
        }
    }

    public LookupOutcome LookUp(ulong key, ulong from, int maxHops = 64) =>
        Run(Lookup.FromMember(this[from], Id(key), maxHops));

    /// <summary>Drives a lookup to its end; peers that are not there, or are no members, are silent.</summary>
    public LookupOutcome Run(Lookup lookup)
    {
        while (lookup.Next() is { } peer)
        {
            if (MemberAt(peer) is { } life)
                lookup.Answered(peer, Routing.Answer(life.State, lookup.Key));
            else
                lookup.NotAnswered(peer);
        }
        return lookup.Outcome!;
    }

    /// <summary>Lets those try again whose last try at joining failed, through the first of their contacts that is a member.</summary>
    public void RetryJoins(string? only = null)
    {
        foreach ((Life life, (PeerRef[] contacts, bool orAlone)) in _waiting.ToArray())
        {
            if (only is not null && life.State.Self.Address != only)
                continue;
            PeerRef? contact = contacts.FirstOrDefault(peer => MemberAt(peer) is not null);
            if (contact is null && !orAlone)
                continue;
            _waiting.Remove(life);
            life.Contacts = contacts;
            Handle(life, contact is null ? new ChordEvent.StandAlone() : new ChordEvent.JoinThrough(contact));
        }
    }
}
