using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim replay</c>: the same run again, event by event.</summary>
internal static class ReplayCommand
{
    private const int LinesOtherwise = 60;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<ulong> seed = SimCommand.Seed("The seed that a sweep has named.");
        var last = new Option<int>("--last") { Description = "So many changes of state, up to the violation or the end; 0: all of them.", HelpName = "LINES", DefaultValueFactory = _ => LinesOtherwise };
        last.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out int lines) && lines < 0)
                result.AddError("--last takes 0 or more lines.");
        });
        Option<string> peers = Sizes.Option();
        Option<string?> variant = Variant.Option();
        var shrink = new Option<bool>("--shrink") { Description = "Look for the smallest run that still violates something, and print it as a transcript where one does." };
        Option<bool> json = ObjectArguments.Json("Print JSON.");
        var command = new Command("replay", "Runs one seed again and tells its events. Exit code 1 when something was violated, or when two runs of the seed differ.")
        {
            seed, peers, last, variant, shrink, json,
        };
        command.SetAction(parsed =>
        {
            RunPlan plan = PlanDrawer.Draw(new Seed(parsed.GetValue(seed)), Sizes.Of(parsed.GetValue(peers)));
            RunRules rules = Variant.RulesOf(parsed.GetValue(variant)) with { Cancellation = cancellation };
            var told = new EventTeller();
            RunOutcome outcome = Waiting.For(terminal, $"running seed {plan.Seed}", () => new WatchedRun(plan, rules, told.On).Outcome);
            int lines = parsed.GetValue(last);
            IEnumerable<string> shown = lines == 0 ? told.Lines : told.Lines.TakeLast(lines);
            if (parsed.GetValue(json))
                return WriteJson(terminal, plan, rules, outcome, shown, parsed.GetValue(variant), parsed.GetValue(shrink));
            foreach (string line in shown)
                terminal.Out.WriteLine(line);
            terminal.Out.WriteLine();
            foreach (string line in RunDescription.Of(outcome))
                terminal.Out.WriteLine(line);
            bool isRepeated = IsRepeated(terminal, plan, rules, outcome);
            if (outcome.Verdict != RunVerdict.Violated)
                return isRepeated ? ExitCode.Done : ExitCode.Failed;
            Report(terminal, plan, rules, parsed.GetValue(variant), parsed.GetValue(shrink));
            return ExitCode.Failed;
        });
        return command;
    }

    private static int WriteJson(
        Terminal terminal, RunPlan plan, RunRules rules, RunOutcome outcome, IEnumerable<string> lines, string? variant, bool shrink)
    {
        bool isRepeated = HashOfAnother(terminal, plan, rules) == outcome.Hash;
        bool isViolated = outcome.Verdict == RunVerdict.Violated;
        string? report = !isViolated ? null : shrink ? Smallest(terminal, plan, rules, variant).Report.Text : FailureReport.Of(plan, rules, variant)?.Text;
        terminal.Out.WriteLine(SimulationJson.Of(outcome, lines, isRepeated, report));
        return isRepeated && !isViolated ? ExitCode.Done : ExitCode.Failed;
    }

    private static bool IsRepeated(Terminal terminal, RunPlan plan, RunRules rules, RunOutcome outcome)
    {
        ulong again = HashOfAnother(terminal, plan, rules);
        terminal.Out.WriteLine(again == outcome.Hash ? "A second run was the same to the last event." : $"A second run was another: {again:x16}. That is a mistake in the simulator.");
        return again == outcome.Hash;
    }

    private static ulong HashOfAnother(Terminal terminal, RunPlan plan, RunRules rules) =>
        Waiting.For(terminal, $"running seed {plan.Seed} once more", () => PlanRun.Run(plan, rules).Hash);

    private static ShrunkFailure Smallest(Terminal terminal, RunPlan plan, RunRules rules, string? variant) =>
        Waiting.For(terminal, "looking for the smallest run that still violates it", () => Shrinker.Shrink(plan, rules, variant));

    private static void Report(Terminal terminal, RunPlan plan, RunRules rules, string? variant, bool shrink)
    {
        terminal.Out.WriteLine();
        if (!shrink)
        {
            terminal.Out.Write(FailureReport.Of(plan, rules, variant)?.Text);
            return;
        }
        ShrunkFailure smallest = Smallest(terminal, plan, rules, variant);
        terminal.Out.Write(smallest.Report.Text);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(smallest.Transcript ?? "The violation needs time, which transcripts do not have.");
    }
}
