using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim replay</c>: the same run again, event by event.</summary>
internal static class ReplayCommand
{
    private const int LinesOtherwise = 60;

    public static Command Create(Terminal terminal)
    {
        Option<ulong> seed = SimCommand.Seed("The seed that a sweep has named.");
        var last = new Option<int>("--last") { Description = "So many changes of state, up to the violation or the end; 0: all of them.", HelpName = "LINES", DefaultValueFactory = _ => LinesOtherwise };
        last.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out int lines) && lines < 0)
                result.AddError("--last takes 0 or more lines.");
        });
        var command = new Command("replay", "Runs one seed again and tells its events. Exit code 1 when something was violated, or when two runs of the seed differ.") { seed, last };
        command.SetAction(parsed =>
        {
            RunPlan plan = PlanDrawer.Draw(new Seed(parsed.GetValue(seed)));
            var told = new EventTeller();
            var watched = new WatchedRun(plan, told);
            int lines = parsed.GetValue(last);
            foreach (string line in lines == 0 ? told.Lines : told.Lines.TakeLast(lines))
                terminal.Out.WriteLine(line);
            terminal.Out.WriteLine();
            foreach (string line in RunDescription.Of(watched.Outcome))
                terminal.Out.WriteLine(line);
            return watched.Outcome.Verdict == RunVerdict.Violated || !IsRepeated(terminal, plan, watched.Outcome) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static bool IsRepeated(Terminal terminal, RunPlan plan, RunOutcome outcome)
    {
        ulong again = PlanRun.Run(plan, RunRules.Production).Hash;
        terminal.Out.WriteLine(again == outcome.Hash ? "A second run was the same to the last event." : $"A second run was another: {again:x16}. That is a mistake in the simulator.");
        return again == outcome.Hash;
    }
}
