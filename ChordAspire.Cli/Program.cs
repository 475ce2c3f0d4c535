using System.Runtime.InteropServices;
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
    pressed.Cancel = EndsInOrder();
};
// Told to end by a program, or since the terminal goes away: nothing half done is left then either. A shell ends too.
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = EndsInOrder());
using PosixSignalRegistration hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
{
    // Comes twice, from the terminal and from the shell in it.
    signal.Cancel = true;
    cancelled.Cancel();
});
return ChordCommandLine.Run(args, terminal, cancelled.Token);

// The first time the command ends in order, the second time at once.
bool EndsInOrder()
{
    bool isFirst = !cancelled.IsCancellationRequested;
    cancelled.Cancel();
    return isFirst;
}
