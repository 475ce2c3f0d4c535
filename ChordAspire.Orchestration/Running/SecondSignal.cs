using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>
/// The first Ctrl+C or SIGTERM is the host's, and ends the application in order. Who sends a second one does not want to wait for that:
/// it ends this process at once. DCP notices, and ends the others.
/// </summary>
internal sealed class SecondSignal : IDisposable
{
    // As shells report a program that a signal ended: 128 and the signal's number.
    private const int Interrupted = 130;
    private const int Terminated = 143;

    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    internal SecondSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Count(Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Count(Terminated)),
    ];

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Count(int exitCode)
    {
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(exitCode);
    }
}
