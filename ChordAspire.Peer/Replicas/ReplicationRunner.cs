using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>The event loop of replication: one event, one transition, its effects started. And its timer.</summary>
internal sealed class ReplicationRunner(ReplicationLoop loop, ReplicationCarrier carrier, ObjectStore store, PeerWatch watch, PeerOptions options, TimeProvider time, ILogger<ReplicationRunner> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        store.SetAside += OnSetAside;
        store.SettingAside += OnSettingAside;
        try
        {
            await Task.WhenAll(
                RunAsync(stoppingToken),
                Timers.RepeatAsync(
                    () => loop.PostAsync(new ReplicationEvent.RoundDue(), stoppingToken).AsTask(),
                    options.Storage.RoundInterval, HashCode.Combine(options.Self.Id, 3), time, stoppingToken));
        }
        finally
        {
            store.SettingAside -= OnSettingAside;
            store.SetAside -= OnSetAside;
        }

        void OnSettingAside(DamagedObjectException damage) => loop.BeginLosing(damage.Entry.Id);

        // On whatever thread found the damage: it must not wait for the loop.
        void OnSetAside(DamagedObjectException damage) => _ = loop.PostAsync(new ReplicationEvent.Damaged(damage.Entry.Id), stoppingToken).AsTask();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        long laggingSince = time.GetTimestamp();
        await foreach (ReplicationLoop.Arrival arrival in loop.Inbox.ReadAllAsync(stopping))
        {
            bool replicated = loop.State.Replicated;
            foreach (ReplicationEffect effect in loop.Advance(arrival.Input))
                carrier.Start(effect, stopping);
            arrival.Handled?.TrySetResult();
            watch.Wake();
            if (loop.State.Replicated == replicated)
                continue;
            if (replicated)
                laggingSince = time.GetTimestamp();
            else if (store.Index.DigestOf(loop.State.Own!.Value).Count is > 0 and int objects)
                Log.Replicated(logger, objects, time.GetElapsedTime(laggingSince));
        }
    }
}
