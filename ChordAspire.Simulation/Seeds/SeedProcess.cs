using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// A peer of the system that this one grew out of, on virtual time: one successor, no successor list, naive in every way in which that one is. It is
/// made after the contract (docs/seed-interop.md), and uses nothing of our protocol but identifiers.
/// </summary>
internal sealed class SeedProcess(SimulatedRing ring, SimulatedPeer host, SeedFlaw flaw)
{
    /// <summary>Threads that serve calls, or wait for the peers that they were passed on to.</summary>
    private const int Threads = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(3);

    private readonly PeerRef?[] _fingers = new PeerRef?[host.Self.Id.Bits];
    private readonly Queue<SeedCall> _waiting = [];
    private int _busy;

    public SeedFlaw Flaw => flaw;

    public PeerRef Successor { get; private set; } = host.Self;

    public PeerRef? Predecessor { get; private set; }

    /// <summary>Whether it serves calls: not before it has joined.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Whether it still looks after its pointers. Once its successor was silent, never again.</summary>
    public bool IsMaintaining { get; private set; }

    /// <summary>Whether every thread waits for somebody, maybe for ever.</summary>
    public bool IsStuck => _busy == Threads;

    public override string ToString() =>
        $"{Self}: successor {Successor}, predecessor {Predecessor?.ToString() ?? "none"}{(flaw == SeedFlaw.None ? "" : $", {flaw}")}"
        + (!host.IsAlive ? ", dead" : !IsListening ? ", joining" : IsStuck ? ", stuck" : IsMaintaining ? "" : ", maintains nothing any more");

    private PeerRef Self => host.Self;

    /// <summary>Starts a ring, or joins through the target: identifier 0 always starts one.</summary>
    public async Task RunAsync(int? target)
    {
        Reset();
        if (target is { } through && Self.Id != Identifier.FromUInt64(Self.Id.Bits, 0))
        {
            SeedResult joined = await ring.CallSeedsAsync(host, through, SeedMethod.FindSuccessor, Self.Id).ConfigureAwait(false);
            if (joined.Peer is not { } successor)
            {
                ring.Crash(host);
                return;
            }
            Successor = successor;
            for (int i = 0; i < _fingers.Length; i++)
                _fingers[i] = (await ring.CallSeedsAsync(host, through, SeedMethod.FindSuccessor, Self.Id.FingerStart(i)).ConfigureAwait(false)).Peer;
        }
        IsListening = IsMaintaining = true;
        do
            await ring.DelayAsync(host, Interval).ConfigureAwait(false);
        while (await MaintainAsync().ConfigureAwait(false));
        IsMaintaining = false;
    }

    /// <summary>Tells its neighbours, and ends.</summary>
    public async Task LeaveAsync()
    {
        (PeerRef? before, PeerRef after) = (Predecessor, Successor);
        if (before is not null && before.Id != Self.Id)
            await ring.CallSeedsAsync(host, HostNames.HostOf(before), SeedMethod.UpdateSuccessor, who: after).ConfigureAwait(false);
        if (after.Id != Self.Id)
            await ring.CallSeedsAsync(host, HostNames.HostOf(after), SeedMethod.UpdatePredecessor, who: before).ConfigureAwait(false);
        ring.Crash(host);
    }

    /// <summary>A call has come. Where all threads are busy it waits for one.</summary>
    public void Accept(SeedCall call)
    {
        if (_busy == Threads)
            _waiting.Enqueue(call);
        else
            ring.Watch(ServeAsync(call));
    }

    private void Reset()
    {
        (Successor, Predecessor) = (Self, null);
        Array.Clear(_fingers);
        IsListening = IsMaintaining = false;
        _busy = 0;
        _waiting.Clear();
    }

    /// <returns>False: its successor is silent, and that was that.</returns>
    private async Task<bool> MaintainAsync()
    {
        SeedResult told = Successor.Id == Self.Id
            ? SeedResult.Of(Predecessor)
            : await ring.CallSeedsAsync(host, HostNames.HostOf(Successor), SeedMethod.GetPredecessor).ConfigureAwait(false);
        if (!told.IsAnswered)
            return false;
        if (told.Peer is { } closer && closer.Id.IsBetween(Self.Id, Successor.Id))
            Successor = closer;
        if (Successor.Id != Self.Id
            && !(await ring.CallSeedsAsync(host, HostNames.HostOf(Successor), SeedMethod.Notify, who: Self).ConfigureAwait(false)).IsAnswered)
            return false;
        for (int i = 0; i < _fingers.Length; i++)
            _fingers[i] = (await FindSuccessorAsync(Self.Id.FingerStart(i)).ConfigureAwait(false)).Peer ?? _fingers[i];
        return true;
    }

    private async Task ServeAsync(SeedCall call)
    {
        _busy++;
        host.Open.Add(call);
        if (flaw == SeedFlaw.Slow)
            await ring.DelayAsync(host, SlowAnswer).ConfigureAwait(false);
        SeedResult answer = Falsify(call) ?? await AnswerAsync(call).ConfigureAwait(false);
        host.Open.Remove(call);
        ring.Reply(call, host, answer);
        _busy--;
        while (_waiting.TryDequeue(out SeedCall? next))
        {
            // Whoever has given up meanwhile is not served any more.
            if (next.IsOver)
                continue;
            ring.Watch(ServeAsync(next));
            break;
        }
    }

    private SeedResult? Falsify(SeedCall call) => (flaw, call.Method) switch
    {
        (SeedFlaw.Malformed, _) => SeedResult.Failed,
        (SeedFlaw.NamesItself, SeedMethod.FindSuccessor or SeedMethod.GetPredecessor) => SeedResult.Of(Self),
        (SeedFlaw.NamesAnyone, SeedMethod.FindSuccessor) => SeedResult.Of(new PeerRef(call.Id, Self.Address)),
        (SeedFlaw.NamesNobody, SeedMethod.FindSuccessor) => SeedResult.Of(new PeerRef(call.Id, HostNames.Of(ring.NobodysHost))),
        (SeedFlaw.NamesNobody, SeedMethod.GetPredecessor) => SeedResult.Of(new PeerRef(Self.Id.FingerStart(Self.Id.Bits - 1), HostNames.Of(ring.NobodysHost))),
        _ => null,
    };

    private async Task<SeedResult> AnswerAsync(SeedCall call)
    {
        switch (call.Method)
        {
            case SeedMethod.FindSuccessor:
                return await FindSuccessorAsync(call.Id).ConfigureAwait(false);
            case SeedMethod.GetPredecessor:
                return SeedResult.Of(Predecessor);
            case SeedMethod.GetFingerTable:
                return new SeedResult(SeedCallEnd.Answered, null, [.. _fingers.OfType<PeerRef>()]);
            case SeedMethod.Notify:
                if (Predecessor is null || call.Who!.Id.IsBetween(Predecessor.Id, Self.Id))
                    Predecessor = call.Who;
                break;
            case SeedMethod.UpdateSuccessor:
                Successor = call.Who ?? Successor;
                break;
            case SeedMethod.UpdatePredecessor:
                Predecessor = call.Who;
                break;
        }
        return SeedResult.Nobody;
    }

    /// <summary>Its own arc has both ends, so asked for its own identifier it names its successor. Else the call is passed on, with no end to its patience.</summary>
    private async Task<SeedResult> FindSuccessorAsync(Identifier id)
    {
        if (Successor.Id == Self.Id)
            return SeedResult.Of(Self);
        if (id == Self.Id || id.IsOnArc(Self.Id, Successor.Id))
            return SeedResult.Of(Successor);
        return await ring.CallSeedsAsync(host, HostNames.HostOf(ClosestPreceding(id)), SeedMethod.FindSuccessor, id).ConfigureAwait(false);
    }

    private PeerRef ClosestPreceding(Identifier id)
    {
        for (int i = _fingers.Length - 1; i >= 0; i--)
        {
            if (_fingers[i] is { } finger && finger.Id.IsBetween(Self.Id, id))
                return finger;
        }
        return Successor;
    }
}
