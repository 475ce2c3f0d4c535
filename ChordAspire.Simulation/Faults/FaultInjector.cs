using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Lets the faults of a plan happen to a ring, each if the contract allows it or the plan does not care.</summary>
internal sealed class FaultInjector(SimulatedRing ring, RunPlan plan, RingMonitor monitor)
{
    public bool IsStopped { get; private set; }

    /// <summary>Faults that happened, by kind.</summary>
    public int[] Done { get; } = new int[Enum.GetValues<FaultKind>().Length];

    public void Schedule()
    {
        foreach (PlannedFault fault in plan.Faults)
            ring.At(fault.At, () => Happen(fault));
    }

    /// <summary>From now on nothing goes wrong any more, and what went wrong with network and processes is undone.</summary>
    public void Stop()
    {
        IsStopped = true;
        ring.Network = ring.Network with { Loss = 0, Duplication = 0, Reordering = 0 };
        ring.Links.Repair();
        ring.ReleaseHeld();
        foreach (SimulatedPeer peer in ring.Peers)
            ring.Resume(peer);
    }

    private void Happen(PlannedFault fault)
    {
        SimulatedPeer peer = ring.Peers[fault.Host];
        bool happened = fault.Kind switch
        {
            FaultKind.Join => TryJoin(peer, fault.Other),
            FaultKind.Crash => TryCrash(peer),
            FaultKind.Restart => TryCrash(peer) && Later(fault.Lasting, () => TryJoin(peer, fault.Other)),
            FaultKind.Leave => TryLeave(peer),
            FaultKind.Pause => peer is { IsAlive: true, IsPaused: false } && Pause(peer, fault.Lasting),
            FaultKind.Hold => Hold(fault),
            FaultKind.CutOneWay => Cut(fault, both: false),
            FaultKind.CutBothWays => Cut(fault, both: true),
            FaultKind.Partition => Isolate(fault),
            _ => throw new InvalidOperationException($"No way to let {fault.Kind} happen."),
        };
        Done[(int)fault.Kind] += happened ? 1 : 0;
    }

    /// <summary>Joins through the host named, or the next ones where that one is not there.</summary>
    private bool TryJoin(SimulatedPeer peer, int through)
    {
        if (peer.IsAlive)
            return false;
        int count = ring.Peers.Count;
        int[] targets = [.. Enumerable.Range(through, count).Select(host => host % count).Where(host => host != peer.Host && ring.Peers[host].IsLiveMember).Take(3)];
        if (targets.Length == 0)
            return false;
        ring.Start(peer, targets);
        return true;
    }

    private bool TryCrash(SimulatedPeer peer)
    {
        if (!peer.IsAlive || !MayFail(peer))
            return false;
        ring.Crash(peer);
        return true;
    }

    /// <summary>Whether this peer may go now; where only a plan that does not care lets it, the run is out of contract from here on.</summary>
    public bool MayFail(SimulatedPeer peer)
    {
        if (monitor.Contract.BreachIfFailed(peer) is not { } breach)
            return true;
        // Somebody has to be left to repair the ring.
        if (!plan.IgnoresContract || ring.Peers.Count(other => other.IsLiveMember) <= 2)
            return false;
        monitor.Break(breach);
        return true;
    }

    private bool TryLeave(SimulatedPeer peer)
    {
        if (peer is not { IsLiveMember: true, IsPaused: false, State.Phase: MemberPhase.Member })
            return false;
        // Who knows of nobody has nobody to hand over to, and goes at once.
        if (peer.State.IsAlone && !MayFail(peer))
            return false;
        ring.Leave(peer);
        return true;
    }

    private bool Pause(SimulatedPeer peer, TimeSpan lasting)
    {
        peer.Pause();
        return Later(lasting, () => ring.Resume(peer));
    }

    private bool Hold(PlannedFault fault)
    {
        ring.Links.Hold(fault.Host, fault.Other);
        return Later(fault.Lasting, ring.ReleaseHeld);
    }

    private bool Cut(PlannedFault fault, bool both)
    {
        ring.Links.Cut(fault.Host, fault.Other);
        if (both)
            ring.Links.Cut(fault.Other, fault.Host);
        return Later(fault.Lasting, ring.Links.Repair);
    }

    private bool Isolate(PlannedFault fault)
    {
        ring.Links.Isolate(fault.Host, fault.Other);
        return Later(fault.Lasting, ring.Links.Repair);
    }

    private bool Later(TimeSpan delay, Action undo)
    {
        ring.After(delay, () =>
        {
            if (!IsStopped)
                undo();
        });
        return true;
    }

    private bool Later(TimeSpan delay, Func<bool> undo) => Later(delay, () => { undo(); });
}
