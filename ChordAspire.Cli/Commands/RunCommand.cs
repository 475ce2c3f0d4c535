using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim run</c>: one seed, and what happened.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<ulong> seed = SimCommand.Seed("The seed of the run.", otherwise: 1);
        Option<string> peers = Sizes.Option();
        Option<string?> variant = Variant.Option();
        Option<string?> record = RunFile.Option();
        Option<bool> json = ObjectArguments.Json("Print JSON.");
        var command = new CommandWithExamples(
            "run",
            "Runs one seed: some seconds of faults, then repair. Exit code 1 when something was violated.",
            "chord sim run --seed 7",
            "chord sim run --seed 7 --peers 40-60 --record run.jsonl")
        {
            seed, peers, variant, record, json,
        };
        command.SetAction(parsed =>
        {
            RunPlan plan = PlanDrawer.Draw(new Seed(parsed.GetValue(seed)), Sizes.Of(parsed.GetValue(peers)));
            using RunFile? file = RunFile.Begin(parsed.GetValue(record));
            RunRules rules = Variant.RulesOf(parsed.GetValue(variant)) with { Cancellation = cancellation };
            WatchedRun watched = Waiting.For(terminal, $"running seed {plan.Seed}", () => new WatchedRun(plan, rules, ring => file?.On(ring, RunDescription.TitleOf(plan))));
            file?.Keep(terminal, RunDescription.VerdictOf(watched.Outcome));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(SimulationJson.Of(watched.Outcome, watched.Ring.Snapshot()));
                return ExitCodeOf(watched.Outcome);
            }
            foreach (string line in RunDescription.Of(watched.Outcome))
                terminal.Out.WriteLine(line);
            terminal.Out.WriteLine();
            terminal.Out.Write(watched.Ring.Snapshot().Draw());
            return ExitCodeOf(watched.Outcome);
        });
        return command;
    }

    private static int ExitCodeOf(RunOutcome outcome) => outcome.Verdict == RunVerdict.Violated ? ExitCode.Failed : ExitCode.Done;
}
