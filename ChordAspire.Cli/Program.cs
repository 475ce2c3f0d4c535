using ChordAspire.Cli;

using var cancelled = new CancellationTokenSource();
var terminal = Terminal.OfThisProcess();
Console.CancelKeyPress += (_, pressed) =>
{
    // In a shell it ends what runs there.
    if (terminal.OnInterrupt is { } interrupt)
    {
        pressed.Cancel = true;
        interrupt();
        return;
    }
    // The first Ctrl+C ends the command in order, a second one at once.
    pressed.Cancel = !cancelled.IsCancellationRequested;
    cancelled.Cancel();
};
return ChordCommandLine.Run(args, terminal, cancelled.Token);
