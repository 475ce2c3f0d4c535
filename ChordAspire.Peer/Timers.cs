namespace ChordAspire.Peer;

/// <summary>What is done again and again.</summary>
internal static class Timers
{
    /// <summary>Give or take a quarter, so that the peers of a ring do not fall into step.</summary>
    public static async Task RepeatAsync(Func<Task> action, TimeSpan interval, int seed, TimeProvider time, CancellationToken stopping)
    {
        var chance = new Random(seed);
        while (true)
        {
            await Task.Delay(interval * (0.75 + (0.5 * chance.NextDouble())), time, stopping);
            await action();
        }
    }
}
