using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary>One run, and the ring as it was at the end.</summary>
internal sealed class WatchedRun
{
    /// <param name="plan">What is run.</param>
    /// <param name="rules">What it is measured by.</param>
    /// <param name="observer">Makes what sees the events; null where nothing wants to.</param>
    public WatchedRun(RunPlan plan, RunRules rules, Func<SimulatedRing, IRingObserver?> observer)
    {
        SimulatedRing? ring = null;
        Outcome = PlanRun.Run(plan, rules with { Observer = watched => observer(ring = watched) });
        Ring = ring ?? throw new InvalidOperationException("The run has not shown its ring.");
    }

    public RunOutcome Outcome { get; }

    public SimulatedRing Ring { get; }
}

/// <summary>Tells a run in words: a line for each event that changed a peer's neighbours, and for each process that began or ended.</summary>
internal sealed class EventTeller : IRingObserver
{
    private readonly List<string> _lines = [];
    private SimulatedRing? _ring;

    public IReadOnlyList<string> Lines => _lines;

    public EventTeller On(SimulatedRing ring)
    {
        _ring = ring;
        return this;
    }

    public void Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step)
    {
        PeerState now = step.State;
        if (before.Phase != now.Phase)
            Tell(peer, $"{NameOf(input)}: is {now.Phase.ToString().ToLowerInvariant()}");
        if (before.Predecessor != now.Predecessor)
            Tell(peer, $"{NameOf(input)}: predecessor {now.Predecessor?.Id.ToBriefString() ?? "none"}");
        if (!ReferenceEquals(before.Successors, now.Successors))
            Tell(peer, $"{NameOf(input)}: successors {NamesOf(now.Successors)}");
    }

    public void LivenessChanged(SimulatedPeer peer) => Tell(peer, peer.IsAlive ? "its process began" : "its process ended");

    public void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent) =>
        Tell(asker, $"found {silent.Self.Id.ToBriefString()} silent, which was alive");

    private void Tell(SimulatedPeer peer, string what) =>
        _lines.Add(FormattableString.Invariant($"{_ring!.Now.TotalSeconds,9:0.000} s  {peer.Self.Id.ToBriefString(),4}  {what}"));

    private static string NamesOf(SuccessorList list) =>
        string.Join(' ', list.Peers.Select(entry => entry.Id.ToBriefString())) + (list.SpansRing ? " (whole ring)" : "");

    private static string NameOf(ChordEvent input) => input switch
    {
        ChordEvent.NeighborsTold told => $"asked {told.Peer.Id.ToBriefString()}",
        ChordEvent.NeighborsNotTold silent => $"asked {silent.Peer.Id.ToBriefString()}, no answer",
        ChordEvent.Notified notified => $"notified by {notified.Peer.Id.ToBriefString()}",
        ChordEvent.PingNotAnswered silent => $"checked {silent.Peer.Id.ToBriefString()}, no answer",
        ChordEvent.PingAnswered alive => $"checked {alive.Peer.Id.ToBriefString()}",
        ChordEvent.Suspected silent => $"met {silent.Peer.Id.ToBriefString()} silent",
        ChordEvent.Departed gone => $"{gone.Peer.Id.ToBriefString()} said goodbye",
        ChordEvent.JoinThrough through => $"joins through {through.Contact.Id.ToBriefString()}",
        _ => input.GetType().Name,
    };
}
