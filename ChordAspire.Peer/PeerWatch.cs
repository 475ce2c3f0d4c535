using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;

namespace ChordAspire.Peer;

/// <summary>Tells observers what this peer says of itself, whenever that has changed. Without an observer it does nothing, and without a change next to nothing.</summary>
internal sealed class PeerWatch(PeerLoop loop, StorageTelemetry storage, PeerTelemetry telemetry, RingCaller caller, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    /// <summary>Each costs a message for each change.</summary>
    public const int MaxWatchers = 64;

    /// <summary>Changes come in bursts; they are told together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _ended = new();
    private TaskCompletionSource _woken = NewSource();
    private int _watchers;

    /// <summary>Something may have changed. On whatever thread; cheap where nobody watches.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _watchers) > 0)
            Interlocked.Exchange(ref _woken, NewSource()).TrySetResult();
    }

    /// <summary>Serves one observer until it goes, or this peer has left the ring, or ends.</summary>
    /// <exception cref="RefusedException">There are too many.</exception>
    /// <exception cref="OperationCanceledException">It is gone.</exception>
    public async Task ServeAsync(Func<WatchReply, Task> send, CancellationToken observer)
    {
        try
        {
            if (Interlocked.Increment(ref _watchers) > MaxWatchers)
                throw new RefusedException(Refusal.Exhausted, $"This peer is watched by {MaxWatchers} observers already.");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(observer, _ended.Token);
            await FollowAsync(send, ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested && !observer.IsCancellationRequested)
        {
            // The last word: a peer that leaves within one pause would seem to have died otherwise.
            await send(Read());
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => _ended.CancelAsync();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _ended.Dispose();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task FollowAsync(Func<WatchReply, Task> send, CancellationToken ended)
    {
        WatchReply? sent = null;
        long sentAt = 0;
        while (true)
        {
            // Taken before the look, so that a change during it is not missed.
            Task woken = Volatile.Read(ref _woken).Task;
            WatchReply now = Read();
            if (!now.Equals(sent) || time.GetElapsedTime(sentAt) >= RingLimits.WatchHeartbeat)
            {
                await send(now);
                (sent, sentAt) = (now, time.GetTimestamp());
            }
            if (now.Peer.Phase == Phase.Left)
                return;
            await Task.Delay(Pause, time, ended);
            TimeSpan rest = RingLimits.WatchHeartbeat - time.GetElapsedTime(sentAt);
            if (rest > TimeSpan.Zero)
                await woken.WaitAsync(rest, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.ThrowIfCancellationRequested();
        }
    }

    private WatchReply Read()
    {
        LookupTotals lookups = telemetry.Lookups;
        var reply = new WatchReply
        {
            Peer = PeerDescription.ToWire(loop.State, storage.Now),
            Lookups = (ulong)lookups.Count,
            LookupMilliseconds = lookups.Together.TotalMilliseconds,
        };
        reply.Seeds.AddRange(caller.SeedsSeen.OrderBy(seed => seed.Self.Id).Select(PeerNews.ToWire));
        return reply;
    }
}
