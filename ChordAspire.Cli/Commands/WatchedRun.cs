using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary>One run, and the ring as it was at the end.</summary>
internal sealed class WatchedRun
{
    public WatchedRun(RunPlan plan, EventTeller? teller = null)
    {
        SimulatedRing? ring = null;
        Outcome = PlanRun.Run(plan, RunRules.Production with
        {
            Observer = watched =>
            {
                ring = watched;
                return teller?.On(watched) ?? new EventTeller().On(watched, isMute: true);
            },
        });
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
    private bool _isMute;

    public IReadOnlyList<string> Lines => _lines;

    public EventTeller On(SimulatedRing ring, bool isMute = false)
    {
        _ring = ring;
        _isMute = isMute;
        return this;
    }

    public void Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step)
    {
        PeerState now = step.State;
        if (before.Phase != now.Phase)
            Tell(peer, $"{NameOf(input)}: is {now.Phase.ToString().ToLowerInvariant()}");
        if (before.Predecessor != now.Predecessor)
            Tell(peer, $"{NameOf(input)}: predecessor {now.Predecessor?.Id.ToString() ?? "none"}");
        if (!ReferenceEquals(before.Successors, now.Successors))
            Tell(peer, $"{NameOf(input)}: successors {now.Successors}");
    }

    public void LivenessChanged(SimulatedPeer peer) => Tell(peer, peer.IsAlive ? "its process began" : "its process ended");

    public void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent) => Tell(asker, $"found {silent.Self.Id} silent, which was alive");

    private void Tell(SimulatedPeer peer, string what)
    {
        if (!_isMute)
            _lines.Add(FormattableString.Invariant($"{_ring!.Now.TotalSeconds,9:0.000} s  {peer.Self.Id,4}  {what}"));
    }

    private static string NameOf(ChordEvent input) => input switch
    {
        ChordEvent.NeighborsTold told => $"asked {told.Peer.Id}",
        ChordEvent.NeighborsNotTold silent => $"asked {silent.Peer.Id}, no answer",
        ChordEvent.Notified notified => $"notified by {notified.Peer.Id}",
        ChordEvent.PingNotAnswered silent => $"checked {silent.Peer.Id}, no answer",
        ChordEvent.PingAnswered alive => $"checked {alive.Peer.Id}",
        ChordEvent.Suspected silent => $"met {silent.Peer.Id} silent",
        ChordEvent.Departed gone => $"{gone.Peer.Id} said goodbye",
        ChordEvent.JoinThrough through => $"joins through {through.Contact.Id}",
        _ => input.GetType().Name,
    };
}
