using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>Joins, failures, leaves, restarts and rounds in an order drawn from one seed, and their messages in another drawn from it.</summary>
internal sealed class RandomSchedule
{
    private const int MaxPeers = 12;
    private readonly Random _chance;
    private readonly int _seed;

    public RandomSchedule(int seed)
    {
        _seed = seed;
        _chance = new Random(seed);
        int length = _chance.Next(2, 4);
        Ring = Protocol.Ring.Of(new ChordParameters(Bits: 6, length), [.. SomePlaces(length + 1 + _chance.Next(4))]);
        Ring.Hold();
    }

    public InMemoryRing Ring { get; }

    public Dictionary<string, int> Done { get; } = [];

    /// <summary>Runs so many steps, each one message delivered or something new begun, and checks the ring after each event that may matter.</summary>
    public void Run(int steps)
    {
        Ring.AfterEvent = (before, input, step) =>
        {
            if (!ReferenceEquals(before.Successors, step.State.Successors) || before.Phase != step.State.Phase)
                Check($"{step.State.Self} handled {input}");
        };
        for (int i = 0; i < steps; i++)
        {
            if (Ring.MessagesUnderWay > 0 && _chance.Next(100) < 65)
                Ring.DeliverAny(_chance);
            else
                BeginSomething();
        }
        Ring.AfterEvent = null;
        JoinThrough(Ring.Members.First().Self.Id.ToUInt64());
        Ring.Release();
    }

    private void BeginSomething()
    {
        ulong[] members = [.. Ring.Members.Select(state => state.Self.Id.ToUInt64())];
        ulong one = members[_chance.Next(members.Length)];
        ulong other = members[_chance.Next(members.Length)];
        bool mayFail = Contract.AllowsFailureOf(Ring, Ring.Ref(one));
        switch (_chance.Next(20))
        {
            case < 10:
                Ring.Stabilize(one);
                break;
            case < 12:
                Ring.Tell(one, new ChordEvent.FixFingersDue());
                break;
            case < 14:
                Ring.RetryJoins();
                break;
            case < 17 when Ring.States.Count() < MaxPeers:
                Ring.Join(SomePlaces(1).Single(), via: one);
                Count("join");
                break;
            case 17 when mayFail:
                Ring.Fail(one);
                Check($"{one} failed");
                Count("fail");
                break;
            case 18 when mayFail && one != other:
                Ring.Fail(one);
                Ring.Join(one, via: other);
                Count("restart");
                break;
            case 19 when mayFail:
                Ring.Leave(one);
                // Handed over at once: between the two, the contract might come to forbid it.
                Ring.Tell(one, new ChordEvent.HandedOver());
                Ring.RemoveTheLeft();
                Check($"{one} left");
                Count("leave");
                break;
        }
    }

    /// <summary>Those who are still outside are given a contact that is alive.</summary>
    private void JoinThrough(ulong contact)
    {
        foreach (PeerState state in Ring.States.Where(state => state.Phase == MemberPhase.Joining).ToArray())
            Ring.Join(state.Self.Id.ToUInt64(), contact);
    }

    private void Count(string what) => Done[what] = Done.GetValueOrDefault(what) + 1;

    private HashSet<ulong> SomePlaces(int count)
    {
        HashSet<ulong> places = [];
        while (places.Count < count)
        {
            ulong place = (ulong)_chance.Next(64);
            if (Ring?.IsLiving(place) != true)
                places.Add(place);
        }
        return places;
    }

    private void Check(string what)
    {
        RingSnapshot snapshot = Ring.Snapshot();
        if (!snapshot.IsValid)
            Fail("is not valid", what);
        if (Contract.CountPrincipals(Ring) <= Ring.Parameters.SuccessorListLength)
            Fail("has too few principals", what);
        foreach (PeerState state in Ring.Members)
        {
            if (LocalMonitors.Check(state) is { } tripped)
                Fail($"trips {tripped}", what);
        }
        if (Ring.Notices.Find(report => report.Notice is ChordNotice.MonitorTripped) is { Notice: { } notice })
            Fail($"reports {notice}", what);
    }

    private void Fail(string verdict, string what) =>
        Assert.Fail($"Seed {_seed}: after {what} the ring {verdict}.\n{Ring.Snapshot().Draw()}");
}
