using Spectre.Console;

namespace ChordAspire.Cli;

/// <summary>How far the parts of a command are: bars on a terminal, a line for each part done elsewhere.</summary>
internal static class ProgressDisplay
{
    /// <summary>Does the parts one after the other.</summary>
    /// <param name="work">Given the part, and whom to tell how far it is, from 0 to 1 and from any thread.</param>
    public static void Run<TPart>(Terminal terminal, IReadOnlyList<TPart> parts, Func<TPart, string> nameOf, Func<TPart, Action<double>, string> work)
    {
        if (!terminal.ShowsProgress)
        {
            foreach (TPart part in parts)
                terminal.Error.WriteLine($"{nameOf(part)}: {work(part, _ => { })}");
            return;
        }
        terminal.ErrorConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                ProgressTask[] bars = [.. parts.Select(part => context.AddTask(Markup.Escape(nameOf(part)), autoStart: false, maxValue: 1))];
                for (int i = 0; i < parts.Count; i++)
                {
                    ProgressTask bar = bars[i];
                    bar.StartTask();
                    work(parts[i], done => bar.Value = done);
                    bar.Value = 1;
                    bar.StopTask();
                }
            });
    }
}
