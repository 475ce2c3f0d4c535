using Spectre.Console;

namespace ChordAspire.Cli.Bench;

/// <summary>How far a part of a run is: a bar on a terminal, nothing elsewhere.</summary>
internal static class BenchProgress
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <param name="work">Given whom to tell how far it is, from 0 to 1.</param>
    public static Task ShowAsync(Terminal terminal, string name, Func<Action<double>, Task> work)
    {
        double share = 0;
        return ShowAsync(terminal, name, work(done => Volatile.Write(ref share, done)), () => Volatile.Read(ref share));
    }

    public static async Task ShowAsync(Terminal terminal, string name, Task work, Func<double> share)
    {
        if (!terminal.ShowsProgress)
        {
            await work.ConfigureAwait(false);
            return;
        }
        await terminal.ErrorConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(name), maxValue: 1);
                while (await Task.WhenAny(work, Task.Delay(BetweenLooks, TimeProvider.System)).ConfigureAwait(false) != work)
                    bar.Value = share();
            }).ConfigureAwait(false);
        await work.ConfigureAwait(false);
    }
}
