using Spectre.Console;

namespace ChordAspire.Cli;

/// <summary>A sign of life on a terminal while something takes longer than a moment; nothing where there is none.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.7);

    public static async Task<T> ForAsync<T>(Terminal terminal, string what, Task<T> work)
    {
        if (!terminal.ShowsProgress || await IsDoneWithinAsync(work, Moment).ConfigureAwait(false))
            return await work.ConfigureAwait(false);
        return await terminal.ErrorConsole.Status().StartAsync(Markup.Escape(what), _ => work).ConfigureAwait(false);
    }

    /// <summary>The same for work that occupies its thread.</summary>
    public static T For<T>(Terminal terminal, string what, Func<T> work) =>
        terminal.ShowsProgress ? ForAsync(terminal, what, Task.Run(work)).GetAwaiter().GetResult() : work();

    private static async Task<bool> IsDoneWithinAsync(Task work, TimeSpan time) =>
        await Task.WhenAny(work, Task.Delay(time, TimeProvider.System)).ConfigureAwait(false) == work;
}
