namespace ChordAspire.Peer;

/// <summary>How fast copies may be made: repair has time, clients have not. What was paid for in one breath may be spent in one.</summary>
internal sealed class RepairBudget(PeerOptions options, TimeProvider time)
{
    /// <summary>What may be copied at once after a pause.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _paidUntil;

    /// <summary>Waits until so many bytes may be copied.</summary>
    public Task PayAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_gate)
        {
            TimeSpan now = time.GetElapsedTime(_started);
            TimeSpan from = _paidUntil > now - Burst ? _paidUntil : now - Burst;
            _paidUntil = from + TimeSpan.FromSeconds((double)bytes / options.Storage.RepairBytesPerSecond);
            wait = _paidUntil - now;
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
