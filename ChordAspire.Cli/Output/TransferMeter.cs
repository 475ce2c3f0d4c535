using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>How far a transfer is, in words: bytes, share and time left where the whole is known, and rate.</summary>
/// <remarks>From any thread.</remarks>
internal sealed class TransferMeter(TimeProvider time)
{
    private static readonly TimeSpan RateAfter = TimeSpan.FromSeconds(0.5);

    private readonly long _begun = time.GetTimestamp();
    private readonly Lock _lock = new();
    private TransferProgress _progress;

    public TimeSpan Elapsed => time.GetElapsedTime(_begun);

    /// <summary>From 0 to 1; null where the whole is not known.</summary>
    public double? Share => Progress is { Total: { } total } progress ? total == 0 ? 1 : progress.Bytes / (double)total : null;

    public TransferProgress Progress
    {
        get
        {
            lock (_lock)
                return _progress;
        }
        set
        {
            lock (_lock)
                _progress = value;
        }
    }

    public override string ToString()
    {
        TransferProgress progress = Progress;
        TimeSpan elapsed = Elapsed;
        string text = progress.Total is { } total
            ? FormattableString.Invariant($"{ByteText.Of(progress.Bytes)} of {ByteText.Of(total)}, {Math.Floor(100 * Share ?? 0):0} %")
            : ByteText.Of(progress.Bytes);
        if (progress.Bytes == 0 || elapsed < RateAfter)
            return text;
        double rate = progress.Bytes / elapsed.TotalSeconds;
        text += $", {ByteText.Of(rate)}/s";
        return progress.Total is { } whole && whole > progress.Bytes ? $"{text}, {TimeText((whole - progress.Bytes) / rate)} left" : text;
    }

    private static string TimeText(double seconds)
    {
        var left = TimeSpan.FromSeconds(Math.Min(Math.Ceiling(seconds), 359_999));
        return left.TotalHours >= 1
            ? FormattableString.Invariant($"{(int)left.TotalHours}:{left.Minutes:00}:{left.Seconds:00}")
            : FormattableString.Invariant($"{left.Minutes}:{left.Seconds:00}");
    }
}
