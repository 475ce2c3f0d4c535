using System.Runtime.InteropServices;
using ChordAspire.Cli;

using var interruption = new Interruption();
var terminal = Terminal.OfThisProcess();
// In a shell it ends what runs there; where that does not end, a second one ends the shell with it.
Console.CancelKeyPress += (_, pressed) => pressed.Cancel = terminal.OnInterrupt is { } interrupt ? interrupt() : interruption.Press();
// Told to end by a program, or since the terminal goes away: nothing half done is left then either. A shell ends too.
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = interruption.Press());
using PosixSignalRegistration hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
{
    // Comes twice, from the terminal and from the shell in it.
    signal.Cancel = true;
    interruption.Press();
});
return ChordCommandLine.Run(args, terminal, interruption.Token);
