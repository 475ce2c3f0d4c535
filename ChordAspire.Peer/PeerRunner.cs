using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>The event loop: one event, one transition, its effects started. And the two timers that keep the ring in repair.</summary>
internal sealed class PeerRunner(PeerLoop loop, EffectCarrier carrier, ReplicationLoop replication, PeerWatch watch, PeerOptions options, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RunAsync(stoppingToken),
        RepeatAsync(new ChordEvent.StabilizeDue(), options.StabilizeInterval, salt: 1, stoppingToken),
        RepeatAsync(new ChordEvent.FixFingersDue(), options.FixFingersInterval, salt: 2, stoppingToken));

    /// <summary>Whether who owns what, or who holds copies, may be different.</summary>
    private static bool MovesObjects(PeerState before, PeerState now) =>
        before.Phase != now.Phase || before.Predecessor != now.Predecessor || !before.Successors.Peers.SequenceEqual(now.Successors.Peers);

    private async Task RunAsync(CancellationToken stopping)
    {
        await foreach (ChordEvent input in loop.Inbox.ReadAllAsync(stopping))
        {
            PeerState before = loop.State;
            Step step = ChordProtocol.Handle(before, input);
            loop.Publish(step.State);
            if (!ReferenceEquals(before, step.State) && MovesObjects(before, step.State))
                replication.Wake();
            if (!ReferenceEquals(before, step.State))
                watch.Wake();
            foreach (Effect effect in step.Effects)
                carrier.Start(effect, stopping);
        }
    }

    private Task RepeatAsync(ChordEvent due, TimeSpan interval, int salt, CancellationToken stopping) => Timers.RepeatAsync(
        () =>
        {
            loop.Offer(due);
            return Task.CompletedTask;
        },
        interval, HashCode.Combine(options.Self.Id, salt), time, stopping);
}
