namespace ChordAspire.Tests.Peer;

/// <summary>Waiting for a condition, with a deadline that explains itself.</summary>
public static class Patience
{
    /// <summary>Ample for a machine that is busy with other things; a quiet one needs a tenth.</summary>
    public static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds, and says how long it took.</summary>
    public static async Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> condition, Func<string> explain, CancellationToken cancellationToken)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Ample)
                Assert.Fail($"Waited {Ample} in vain until {what}.\n{explain()}");
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>Lets time pass, where the claim is that nothing happens in it.</summary>
    public static Task LetPassAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, TimeProvider.System, cancellationToken);
}
