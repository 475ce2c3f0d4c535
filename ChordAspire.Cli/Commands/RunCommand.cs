using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim run</c>: one seed, and what happened.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<ulong> seed = SimCommand.Seed("The seed of the run.", otherwise: 1);
        Option<string> peers = Sizes.Option();
        Option<string?> variant = Variant.Option();
        var command = new Command("run", "Runs one seed: some seconds of faults, then repair. Exit code 1 when something was violated.")
        {
            seed, peers, variant,
        };
        command.SetAction(parsed =>
        {
            RunPlan plan = PlanDrawer.Draw(new Seed(parsed.GetValue(seed)), Sizes.Of(parsed.GetValue(peers)));
            var watched = new WatchedRun(plan, Variant.RulesOf(parsed.GetValue(variant)));
            foreach (string line in RunDescription.Of(watched.Outcome))
                terminal.Out.WriteLine(line);
            terminal.Out.WriteLine();
            terminal.Out.Write(watched.Ring.Snapshot().Draw());
            return watched.Outcome.Verdict == RunVerdict.Violated ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }
}
