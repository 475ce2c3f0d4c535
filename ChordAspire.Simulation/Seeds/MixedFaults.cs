using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Lets the faults of a plan happen to a mixed ring: to seed peers always, to ours as far as Zave's contract among ours allows it.</summary>
internal sealed class MixedFaults(SimulatedRing ring, MixedPlan plan, IReadOnlyList<SimulatedPeer> hosts)
{
    private readonly MixedContract _contract = new(ring);
    private bool _isStopped;

    public int[] Ours { get; } = new int[Enum.GetValues<FaultKind>().Length];

    public int[] Seeds { get; } = new int[Enum.GetValues<FaultKind>().Length];

    public void Schedule()
    {
        foreach (PlannedFault fault in plan.Faults)
            ring.At(fault.At, () => Happen(fault));
    }

    public void Stop()
    {
        _isStopped = true;
        ring.Network = ring.Network with { Duplication = 0, Reordering = 0 };
        foreach (SimulatedPeer peer in ring.Peers)
            ring.Resume(peer);
    }

    private void Happen(PlannedFault fault)
    {
        SimulatedPeer peer = hosts[fault.Host];
        bool happened = fault.Kind switch
        {
            FaultKind.Join => TryJoin(peer, fault.Other),
            FaultKind.Crash => TryCrash(peer),
            FaultKind.Restart => TryCrash(peer) && Later(fault.Lasting, () => TryJoin(peer, fault.Other)),
            FaultKind.Leave => TryLeave(peer),
            FaultKind.Pause => TryPause(peer, fault.Lasting),
            _ => throw new InvalidOperationException($"No way to let {fault.Kind} happen in a mixed ring."),
        };
        (peer.Seed is null ? Ours : Seeds)[(int)fault.Kind] += happened ? 1 : 0;
    }

    /// <summary>Joins through the host named, or the next ones where that one is not there. The first seed peer of all starts a ring.</summary>
    private bool TryJoin(SimulatedPeer peer, int through)
    {
        if (peer.IsAlive)
            return false;
        int[] targets = [.. Enumerable.Range(through, hosts.Count).Select(i => hosts[i % hosts.Count]).Where(host => host != peer && IsThere(host)).Take(3).Select(host => host.Host)];
        bool begins = plan.OursAtStart == 0 && ring.Now == TimeSpan.Zero;
        if (targets.Length == 0 && !begins)
            return false;
        if (peer.Seed is null)
            ring.Start(peer, targets);
        else
            ring.StartSeed(peer, begins ? null : targets[0]);
        return true;
    }

    /// <summary>Whoever joins through a seed peer that stands outside, as identifier 0 does once it was started again, is on another ring.</summary>
    private bool IsThere(SimulatedPeer host)
    {
        if (host.Seed is null)
            return host.IsLiveMember;
        if (host is not { IsAlive: true, Seed: { IsListening: true, Flaw: SeedFlaw.None } })
            return false;
        var order = new MixedOrder(ring);
        order.Look();
        return order.Members.Length == 0 || order.Members.Contains(host);
    }

    private bool TryCrash(SimulatedPeer peer)
    {
        if (!peer.IsAlive || !_contract.MayFail(peer))
            return false;
        ring.Crash(peer);
        return true;
    }

    private bool TryLeave(SimulatedPeer peer)
    {
        bool isReady = peer.Seed is { } seed ? peer.IsAlive && seed.IsListening : peer is { IsLiveMember: true, State.Phase: MemberPhase.Member };
        if (!isReady || peer.IsPaused || !_contract.MayFail(peer))
            return false;
        ring.Leave(peer);
        return true;
    }

    private bool TryPause(SimulatedPeer peer, TimeSpan lasting)
    {
        if (peer is not { IsAlive: true, IsPaused: false })
            return false;
        peer.Pause();
        return Later(lasting, () => ring.Resume(peer));
    }

    private bool Later(TimeSpan delay, Action action)
    {
        ring.After(delay, () =>
        {
            if (!_isStopped)
                action();
        });
        return true;
    }

    private bool Later(TimeSpan delay, Func<bool> action) => Later(delay, () => { action(); });
}
