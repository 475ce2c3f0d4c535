using System.Globalization;
using System.Text;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What people need of a run that violated something: how to see it again, what happened, and to whom.</summary>
public sealed class FailureReport
{
    private FailureReport(RunOutcome outcome, string text, string fingerprint)
    {
        Outcome = outcome;
        Text = text;
        Fingerprint = fingerprint;
    }

    public RunOutcome Outcome { get; }

    /// <summary>Equal for violations of the same kind that came about by the same kinds of events: to tell new ones from known ones.</summary>
    public string Fingerprint { get; }

    /// <summary>The report in words.</summary>
    public string Text { get; }

    /// <summary>Runs a plan again, with everything written down; null when nothing is violated.</summary>
    /// <param name="variant">For the replay command; null: the production rules.</param>
    public static FailureReport? Of(RunPlan plan, RunRules rules, string? variant = null)
    {
        RunHistory? history = null;
        SimulatedRing? ring = null;
        RunOutcome outcome = PlanRun.Run(plan, rules with
        {
            Observer = made =>
            {
                ring = made;
                return history = new RunHistory(made);
            },
        });
        if (outcome.Violation is not { } violation)
            return null;
        string fingerprint = FingerprintOf(violation, history!);
        return new FailureReport(outcome, Write(plan, violation, ring!, history!, fingerprint, variant), fingerprint);
    }

    public static string ReplayCommand(RunPlan plan, string? variant)
    {
        string peers = plan.Sizes == PlanSizes.Default ? "" : $" --peers {plan.Sizes}";
        return $"chord sim replay --seed {plan.Seed}{peers}{(variant is null ? "" : $" --variant {variant}")}";
    }

    private static string FingerprintOf(Violation violation, RunHistory history)
    {
        RunMoment last = history.Moments.Count == 0 ? default : history.Moments[^1];
        string how = last.Event is null ? "start" : ReferenceEquals(last.Event, RunMoment.Died) ? "death" : last.Event.GetType().Name;
        var hash = TraceHash.Empty;
        foreach (char letter in $"{violation.Kind}/{how}/{last.Before?.Phase}")
            hash.Add(letter);
        return $"{violation.Kind}-{how}-{hash.Value & 0xffff:x4}";
    }

    private static string Write(RunPlan plan, Violation violation, SimulatedRing ring, RunHistory history, string fingerprint, string? variant)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {plan.Seed}: {violation.Kind} at {violation.At.TotalSeconds:0.0000} s. {violation.Detail}");
        text.AppendLine(CultureInfo.InvariantCulture, $"again:       {ReplayCommand(plan, variant)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"fingerprint: {fingerprint}");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"plan:        {plan.Peers.Length} peers, {plan.PeersAtStart} at the start, r = {plan.Parameters.SuccessorListLength}, {plan.Faults.Length} faults in {plan.FaultsEnd.TotalSeconds:0} s, latency {plan.Network.Latency}");
        if (history.Moments.Count > 0)
        {
            RunMoment last = history.Moments[^1];
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"The ring before the event at {last.Peer.Id.ToUInt64()}:");
            text.Append(Before(ring, last).Draw());
        }
        text.AppendLine().AppendLine("The ring after it:").Append(ring.Snapshot().Draw());
        text.AppendLine().AppendLine("The last events of each peer:");
        foreach ((PeerRef peer, IEnumerable<string> events) in history.LastEvents)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {peer.Id.ToUInt64()}");
            foreach (string line in events)
                text.AppendLine(CultureInfo.InvariantCulture, $"    {line}");
        }
        return text.ToString();
    }

    private static RingSnapshot Before(SimulatedRing ring, RunMoment last)
    {
        bool died = ReferenceEquals(last.Event, RunMoment.Died);
        IEnumerable<PeerView> views = ring.Peers
            .Where(peer => peer.Self == last.Peer ? died || last.Event is not null : peer.IsAlive)
            .Select(peer => PeerView.Of(peer.Self == last.Peer ? last.Before : peer.State));
        return new RingSnapshot(views, ring.Parameters.SuccessorListLength);
    }
}
