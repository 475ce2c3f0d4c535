using System.Globalization;

namespace Aspire.Hosting.Bundle;

/// <summary>
/// One holder at a time over all processes of this machine: a file opened without sharing. The system releases it when the holder
/// dies, however it dies, so there is no stale lock to break.
/// </summary>
internal sealed class InterProcessLock : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _held;

    private InterProcessLock(FileStream held) => _held = held;

    /// <param name="path">The lock file; it stays behind, since deleting it would let two holders in.</param>
    /// <param name="onWaiting">Called once with a description of the holder when the lock is not free.</param>
    /// <param name="limit">How long to wait for the holder.</param>
    /// <param name="time">The clock behind the limit.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    internal static async Task<InterProcessLock> TakeAsync(
        string path, Action<string> onWaiting, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        for (bool told = false; ; told = true)
        {
            if (TryTake(path) is { } taken)
                return taken;
            if (!told)
                onWaiting(ReadHolder(path));
            if (time.GetElapsedTime(since) > limit)
            {
                throw new BundleException(
                    $"Gave up after {limit.TotalMinutes:0} minutes of waiting for {ReadHolder(path)}, which holds '{path}'. " +
                    "End it and try again.");
            }

            await Task.Delay(Between, time, cancellationToken);
        }
    }

    public void Dispose() => _held.Dispose();

    private static InterProcessLock? TryTake(string path)
    {
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy) when (IsHeldElsewhere(busy))
        {
            return null;
        }

        string pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(HolderPath(path), pid);
        return new InterProcessLock(held);
    }

    // EAGAIN on Linux, EWOULDBLOCK on macOS, ERROR_SHARING_VIOLATION on Windows; anything else (a full or read-only disk) is no reason to wait.
    private static bool IsHeldElsewhere(IOException refused) => refused.HResult is 11 or 35 or unchecked((int)0x80070020);

    // The lock file itself cannot be read while it is held (on Windows), so the name stands beside it. It is only ever shown to a person.
    private static string HolderPath(string path) => path + ".holder";

    private static string ReadHolder(string path)
    {
        try
        {
            return $"process {File.ReadAllText(HolderPath(path)).Trim()}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
