using ChordAspire.Cli;

using var cancelled = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl+C ends the command in order, a second one at once.
    pressed.Cancel = !cancelled.IsCancellationRequested;
    cancelled.Cancel();
};
return ChordCommandLine.Run(args, Terminal.OfThisProcess(), cancelled.Token);
