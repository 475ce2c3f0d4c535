using System.Runtime.InteropServices;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>SIGTERM leaves the ring in order, within a bound; a second one ends the process at once.</summary>
internal sealed class Departure(PeerLoop loop, EffectCarrier carrier, StorageTelemetry storage, PeerOptions options, TimeProvider time, ILogger<Departure> logger)
    : IHostedLifecycleService, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        return Task.CompletedTask;
    }

    /// <summary>Runs before anything else is stopped: the peer still answers while it leaves.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!loop.State.IsMember)
            return;
        Log.Leaving(logger);
        long started = time.GetTimestamp();
        loop.Offer(new ChordEvent.LeaveRequested());
        try
        {
            await carrier.Departed.WaitAsync(options.LeaveTimeout, time, cancellationToken);
        }
        catch (Exception bound) when (bound is TimeoutException or OperationCanceledException)
        {
            // The time is up; whoever was not told finds out by asking.
        }
        Log.Left(logger, time.GetElapsedTime(started), storage.Pushed, storage.Now.Objects);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        // The host's own handler takes the first signal. Whoever sends a second one does not want to wait.
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(1);
    }
}
