using System.Runtime.ExceptionServices;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Rings that have seed peers too. What waits for an answer goes on in the very event that brings it, in this one thread: nothing else keeps runs alike.</summary>
public sealed partial class SimulatedRing
{
    private bool _isMixed;
    private ExceptionDispatchInfo? _broke;

    /// <summary>What seed peers were found to get wrong, by host.</summary>
    public HashSet<(int Host, SeedFault Fault)> SeedFaults { get; } = [];

    /// <summary>How often one of ours told a seed peer of a successor.</summary>
    public long SeedsTaught { get; internal set; }

    /// <summary>A host on which no one ever listens.</summary>
    internal int NobodysHost { get; private set; }

    /// <summary>Adds a host with a seed peer that is not running yet.</summary>
    public SimulatedPeer AddSeedPeer(Identifier id, SeedFlaw flaw = SeedFlaw.None)
    {
        if (!_isMixed)
            NobodysHost = AddPeer(id).Host;
        _isMixed = true;
        SimulatedPeer host = AddPeer(id);
        host.Seed = new SeedProcess(this, host, flaw);
        return host;
    }

    /// <summary>Starts a seed peer: it joins through the target, or starts a ring where there is none.</summary>
    public void StartSeed(SimulatedPeer peer, int? target)
    {
        if (peer.IsAlive)
            throw new InvalidOperationException($"{peer} runs already.");
        peer.Begin(peer.State);
        Observer?.LivenessChanged(peer);
        Watch(peer.Seed!.RunAsync(target));
    }

    /// <summary>What breaks in the middle of something that waits breaks the run.</summary>
    internal void Watch(Task task)
    {
        if (!task.IsCompletedSuccessfully)
            _ = WatchAsync(task);
    }

    private async Task WatchAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception broke) when (broke is not OutOfMemoryException)
        {
            _broke ??= ExceptionDispatchInfo.Capture(broke);
        }
    }

    internal Task DelayAsync(SimulatedPeer peer, TimeSpan time)
    {
        var over = new TaskCompletionSource();
        GoOnAt(_now + peer.LocalTicks(time), peer, over.SetResult);
        return over.Task;
    }

    /// <summary>The result, or null once the time is up.</summary>
    internal Task<T?> WithinAsync<T>(SimulatedPeer peer, TimeSpan limit, Task<T?> task)
        where T : class
    {
        if (task.IsCompleted)
            return task;
        var first = new TaskCompletionSource<T?>();
        GoOnAt(_now + peer.LocalTicks(limit), peer, () => first.TrySetResult(null));
        Watch(PassOnAsync(task, first));
        return first.Task;
    }

    private static async Task PassOnAsync<T>(Task<T> task, TaskCompletionSource<T> to) => to.TrySetResult(await task.ConfigureAwait(false));

    /// <summary>A call in our contract, with an outcome in any case.</summary>
    internal Task<Call> CallOursAsync(Call call, TimeSpan timeout)
    {
        call.Done = new TaskCompletionSource<Call>();
        Send(call, timeout);
        return call.Done.Task;
    }

    /// <summary>A call in the seed's contract; without a timeout, as seed peers make them, it may never end.</summary>
    internal Task<SeedResult> CallSeedsAsync(
        SimulatedPeer asker, int host, SeedMethod method, Identifier id = default, PeerRef? who = null, TimeSpan? timeout = null)
    {
        var call = new SeedCall(method, asker, host, id, who) { HasDeadline = timeout is not null };
        _queue.Add(_now + LatencyOf(asker, host), Happening.SeedRequest, _peers[host], call);
        if (timeout is { } patience)
            GoOnAt(_now + asker.LocalTicks(patience), asker, () => call.End(SeedResult.TimedOut));
        return call.Outcome;
    }

    internal void Reply(SeedCall call, SimulatedPeer from, SeedResult result)
    {
        if (!call.IsOver && call.Asker.IsAlive && call.Asker.Life == call.AskerLife)
            GoOnAt(_now + LatencyOf(from, call.Asker.Host), call.Asker, () => call.End(result));
    }

    /// <summary>A former life hears nothing of it.</summary>
    private void GoOnAt(long at, SimulatedPeer peer, Action action) => _queue.Add(at, Happening.GoingOn, peer, action);

    private void Arrive(SeedCall call)
    {
        SimulatedPeer target = _peers[call.TargetHost];
        if (call.IsOver)
            return;
        if (!target.IsAlive || target.Seed is { IsListening: false })
        {
            if (Network.DeadPeersRefuse || target.IsAlive || !call.HasDeadline)
                Reply(call, target, SeedResult.Failed);
        }
        else if (target.Seed is { } seed)
        {
            seed.Accept(call);
        }
        else
        {
            Watch(ServeAsync(call, target));
        }
    }

    /// <summary>Connections of a process break when it ends.</summary>
    private void BreakOff(SimulatedPeer peer)
    {
        foreach (SeedCall call in peer.Open)
            Reply(call, peer, SeedResult.Failed);
        foreach (Scheduled waiting in peer.Waiting)
        {
            if (waiting.Payload is SeedCall call)
                Reply(call, peer, SeedResult.Failed);
        }
        peer.Open.Clear();
    }

    /// <summary>One of ours serves the seed's contract, as the production host does: what a caller claims is a hint until the peer in question has answered.</summary>
    private async Task ServeAsync(SeedCall call, SimulatedPeer peer)
    {
        peer.Open.Add(call);
        SeedResult result = peer.State.IsMember ? await AnswerAsync(call, peer).ConfigureAwait(false) : SeedResult.Failed;
        peer.Open.Remove(call);
        Reply(call, peer, result);
    }

    private async Task<SeedResult> AnswerAsync(SeedCall call, SimulatedPeer peer)
    {
        switch (call.Method)
        {
            case SeedMethod.FindSuccessor:
                PeerRef? owner = await FindOwnerAsync(peer, call.Id).ConfigureAwait(false);
                return owner is null ? SeedResult.Failed : SeedResult.Of(owner);
            case SeedMethod.GetPredecessor:
                PeerRef? before = peer.State.Predecessor;
                return SeedResult.Of(before is not null && await CallsOf(peer).PingAsync(before).ConfigureAwait(false) ? before : null);
            case SeedMethod.GetFingerTable:
                return new SeedResult(SeedCallEnd.Answered, null, [.. Enumerable.Range(0, Parameters.Bits).Select(finger => peer.State.Fingers[finger] ?? peer.Self)]);
            case SeedMethod.Notify:
                await TakeNotificationAsync(peer, call.Who!).ConfigureAwait(false);
                break;
            case SeedMethod.UpdateSuccessor:
                Handle(peer, Due.Stabilize);
                break;
            case SeedMethod.UpdatePredecessor:
                if (peer.State.Predecessor is { } leaving && CallsOf(peer).WasSeed(leaving))
                    Handle(peer, new ChordEvent.Departed(leaving));
                if (call.Who is not null)
                    await TakeNotificationAsync(peer, call.Who).ConfigureAwait(false);
                break;
        }
        return SeedResult.Nobody;
    }

    private Task<PeerRef?> FindOwnerAsync(SimulatedPeer peer, Identifier id)
    {
        var found = new TaskCompletionSource<PeerRef?>();
        LookUp(peer, id, run => found.SetResult(run.Outcome!.Owner));
        return found.Task;
    }

    private async Task TakeNotificationAsync(SimulatedPeer peer, PeerRef claimed)
    {
        if (claimed.Id != peer.Self.Id && await CallsOf(peer).PingAsync(claimed).ConfigureAwait(false))
            Handle(peer, new ChordEvent.Notified(claimed));
    }

    private MixedCalls CallsOf(SimulatedPeer peer) => peer.Calls ??= new MixedCalls(this, peer);

    private bool CarryMixed(SimulatedPeer peer, Effect effect)
    {
        switch (effect)
        {
            case Effect.AskNeighbors(PeerRef target, int question):
                Watch(AskNeighborsAsync(peer, target, question));
                return true;
            case Effect.Ping(PeerRef target):
                Watch(PingAsync(peer, target));
                return true;
            case Effect.Notify(PeerRef target):
                Watch(CallsOf(peer).NotifyAsync(target));
                return true;
            case Effect.TellDeparture(PeerRef target):
                peer.Goodbyes.Add(CallsOf(peer).DepartAsync(target, peer.State));
                return true;
            default:
                return false;
        }
    }

    private async Task AskNeighborsAsync(SimulatedPeer peer, PeerRef target, int question)
    {
        Neighbors? told = await CallsOf(peer).ReadNeighborsAsync(target).ConfigureAwait(false);
        if (told is null)
            CheckDetector(peer, target);
        Handle(peer, told is null ? new ChordEvent.NeighborsNotTold(target, question) : new ChordEvent.NeighborsTold(target, question, told));
    }

    private async Task PingAsync(SimulatedPeer peer, PeerRef target)
    {
        bool isThere = await CallsOf(peer).PingAsync(target).ConfigureAwait(false);
        Handle(peer, isThere ? new ChordEvent.PingAnswered(target) : new ChordEvent.PingNotAnswered(target));
    }

    private async Task AskHopAsync(LookupRun run, PeerRef peer, TimeSpan timeout) =>
        GoOn(run, peer, await CallsOf(run.Asker).RouteAsync(peer, run, timeout).ConfigureAwait(false));

    private async Task IntroduceMixedAsync(SimulatedPeer peer, int host) =>
        TakeIntroduction(peer, await CallsOf(peer).IntroduceAsync(host).ConfigureAwait(false));

    /// <summary>The process ends when its goodbyes have been answered, or have had their time.</summary>
    private async Task SayFarewellAsync(SimulatedPeer peer)
    {
        foreach (Task goodbye in peer.Goodbyes.ToArray())
            await goodbye.ConfigureAwait(false);
        EndAfterLeaving(peer);
    }

    private void CheckDetector(SimulatedPeer asker, PeerRef silent)
    {
        SimulatedPeer target = _peers[HostNames.HostOf(silent)];
        if (asker.State.Successors.First == silent && target.IsLiveMember && target.Self == silent)
            Observer?.WronglyFoundSilent(asker, target);
    }
}
