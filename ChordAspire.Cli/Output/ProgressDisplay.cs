using Spectre.Console;

namespace ChordAspire.Cli;

/// <summary>
/// How far the parts of a command are: bars on a terminal; elsewhere a line for each part done, and one now and then for a part that takes long.
/// </summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(15);

    /// <summary>Does the parts one after the other.</summary>
    /// <param name="work">Given the part, and whom to tell how far it is, from 0 to 1 and from any thread.</param>
    public static void Run<TPart>(Terminal terminal, IReadOnlyList<TPart> parts, Func<TPart, string> nameOf, Func<TPart, Action<double>, string> work)
    {
        if (!terminal.ShowsProgress)
        {
            foreach (TPart part in parts)
                terminal.Error.WriteLine($"{nameOf(part)}: {work(part, new Lines(terminal.Error, nameOf(part)).Tell)}");
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

    /// <summary>For logs and pipes: whoever reads them should see that something goes on, and not much more.</summary>
    private sealed class Lines(TextWriter writer, string name)
    {
        private readonly Lock _lock = new();
        private long _last = TimeProvider.System.GetTimestamp();

        public void Tell(double done)
        {
            lock (_lock)
            {
                if (done >= 1 || TimeProvider.System.GetElapsedTime(_last) < BetweenLines)
                    return;
                _last = TimeProvider.System.GetTimestamp();
                writer.WriteLine(FormattableString.Invariant($"{name}: {100 * done:0} %"));
            }
        }
    }
}
