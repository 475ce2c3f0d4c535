using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>The event loop: one event, one transition, its effects started. And the two timers that keep the ring in repair.</summary>
internal sealed class PeerRunner(PeerLoop loop, EffectCarrier carrier, PeerOptions options, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RunAsync(stoppingToken),
        RepeatAsync(new ChordEvent.StabilizeDue(), options.StabilizeInterval, salt: 1, stoppingToken),
        RepeatAsync(new ChordEvent.FixFingersDue(), options.FixFingersInterval, salt: 2, stoppingToken));

    private async Task RunAsync(CancellationToken stopping)
    {
        await foreach (ChordEvent input in loop.Inbox.ReadAllAsync(stopping))
        {
            Step step = ChordProtocol.Handle(loop.State, input);
            loop.Publish(step.State);
            foreach (Effect effect in step.Effects)
                carrier.Start(effect, stopping);
        }
    }

    /// <summary>Give or take a quarter, so that the peers of a ring do not fall into step.</summary>
    private async Task RepeatAsync(ChordEvent due, TimeSpan interval, int salt, CancellationToken stopping)
    {
        var chance = new Random(HashCode.Combine(options.Self.Id, salt));
        while (true)
        {
            await Task.Delay(interval * (0.75 + (0.5 * chance.NextDouble())), time, stopping);
            loop.Offer(due);
        }
    }
}
