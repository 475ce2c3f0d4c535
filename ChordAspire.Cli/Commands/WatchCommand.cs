using System.CommandLine;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord watch</c>: the ring as it changes.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<double> interval = SimCommand.Number("--interval", "Seconds from one look to the next.", 0.1, 3600, 1.0);
        Option<double> duration = SimCommand.Number("--duration", "Seconds after which it ends; 0 for as long as it is left running.", 0, 31_536_000, 0.0);
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print one line of JSON for each change.");
        var command = new CommandWithExamples(
            "watch",
            "Shows the ring as it changes: on a terminal a live table, elsewhere a line for each peer that joins, leaves, falls silent, has other neighbours or holds other objects, and whenever the ring is ideal or no longer so. Goes on through another peer when the asked one is gone. Ends with Ctrl+C.",
            "chord watch",
            "chord watch --json | jq -c .event",
            "chord watch > ring.log")
        {
            interval, duration, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            double seconds = parsed.GetValue(duration);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (seconds > 0)
                ended.CancelAfter(TimeSpan.FromSeconds(seconds));
            var looks = new RingLooks(ring.Client, ring.Address, TimeSpan.FromSeconds(parsed.GetValue(interval)), ring.Timeout);
            try
            {
                if (parsed.GetValue(json))
                    await looks.RunAsync(change => terminal.Out.WriteLine(change.ToJson()), _ => terminal.ThrowIfOutIsClosed(), ended.Token).ConfigureAwait(false);
                else if (terminal.OutIsTerminal)
                    await RingScreen.ShowAsync(terminal.Console, looks, ended.Token).ConfigureAwait(false);
                else
                    await looks.RunAsync(change => terminal.Out.WriteLine(change.ToString()), _ => terminal.ThrowIfOutIsClosed(), ended.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // This is how a watch ends.
            }
            return ExitCode.Done;
        }, cancellation));
        return command;
    }
}
