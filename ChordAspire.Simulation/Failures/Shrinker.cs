namespace ChordAspire.Simulation;

/// <summary>From a run that violated something to the smallest one that still does: first the plan, then, without time, event by event.</summary>
public static class Shrinker
{
    /// <param name="plan">A plan that violates something under these rules.</param>
    /// <param name="variant">Names the rules in the replay command and in the transcript; null: the production rules.</param>
    public static ShrunkFailure Shrink(RunPlan plan, RunRules rules, string? variant = null)
    {
        RunPlan smallest = PlanShrinker.Shrink(plan, rules);
        RunHistory? history = null;
        RunOutcome outcome = PlanRun.Run(smallest, rules with { Observer = ring => history = new RunHistory(ring) });
        (string ringLine, var commands) = ScriptWriter.Write(smallest, history!.Moments, original: variant == OriginalProtocol.Name);
        Transcript? transcript = new ScriptShrinker(ringLine, outcome.Violation!.Kind, rules).Shrink(commands);
        return new ShrunkFailure(smallest, FailureReport.Of(smallest, rules, variant)!, transcript?.Text);
    }
}

/// <summary>The smallest run found.</summary>
/// <param name="Transcript">Goes straight into the folder of transcripts; null where the violation needs time, which transcripts do not have.</param>
public sealed record ShrunkFailure(RunPlan Plan, FailureReport Report, string? Transcript);
