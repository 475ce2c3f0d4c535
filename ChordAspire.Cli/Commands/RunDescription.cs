using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary>A run in words.</summary>
internal static class RunDescription
{
    public static IEnumerable<string> Of(RunOutcome outcome)
    {
        RunPlan plan = outcome.Plan;
        yield return $"{TitleOf(plan)}, {plan.PeersAtStart} of them from the start, r = {plan.Parameters.SuccessorListLength}, {plan.Network.Latency}"
            + (plan.ClockRates.IsEmpty ? "" : $", clocks off by {OffBy(plan.ClockRates.Min())} to {OffBy(plan.ClockRates.Max())}")
            + (plan.IgnoresContract ? "; failures beyond the contract are let happen" : "");
        yield return FormattableString.Invariant($"faults for {plan.FaultsEnd.TotalSeconds:0} s: {FaultsOf(outcome)}");
        yield return $"lookups meanwhile: {outcome.LookupsUnderFaults.Ended}, {outcome.LookupsUnderFaults.Failed} found nobody, {outcome.LookupsUnderFaults.Off} named another than the owner";
        yield return $"{outcome.Events:#,0} events, {outcome.Checks:#,0} checks of the invariant, hash {outcome.Hash:x16}";
        yield return VerdictOf(outcome);
    }

    public static string TitleOf(RunPlan plan) => $"seed {plan.Seed}: {plan.Peers.Length} peers";

    private static string OffBy(double rate) => FormattableString.Invariant($"{100 * (rate - 1):+0.0;-0.0} %");

    private static string FaultsOf(RunOutcome outcome)
    {
        string[] happened = [.. Enum.GetValues<FaultKind>().Where(kind => outcome.Faults[(int)kind] > 0).Select(kind => $"{kind} {outcome.Faults[(int)kind]}")];
        return happened.Length == 0 ? "none" : string.Join(", ", happened);
    }

    public static string VerdictOf(RunOutcome outcome) => outcome.Verdict switch
    {
        RunVerdict.Violated => FormattableString.Invariant($"violated: {outcome.Violation!.Kind} at {outcome.Violation.At.TotalSeconds:0.000} s. {outcome.Violation.Detail}"),
        RunVerdict.OutOfContract => $"out of contract: {outcome.Breach}; {(outcome.BecameIdeal ? "the ring became ideal all the same" : "the ring did not become ideal")}",
        _ => $"held; ideal {outcome.RoundsToIdeal} rounds after the last fault",
    };
}
