using ChordAspire.Rpc;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>Reads the parts of an upload, and gives up on a sender that stops in the middle.</summary>
internal sealed class PartReader<T>(IAsyncStreamReader<T> parts, TimeSpan idleTimeout, CancellationToken cancellationToken) : IDisposable
    where T : class
{
    private readonly CancellationTokenSource _idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Ends with the call.</summary>
    public CancellationToken Cancellation => cancellationToken;

    /// <summary>The next part; null at the end.</summary>
    /// <exception cref="RefusedException">None came in time.</exception>
    public async Task<T?> NextAsync()
    {
        _idle.CancelAfter(idleTimeout);
        try
        {
            T? next = await parts.MoveNext(_idle.Token) ? parts.Current : null;
            _idle.CancelAfter(Timeout.InfiniteTimeSpan);
            return next;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Exhausted, $"Nothing came for {idleTimeout} (Storage:IdleTimeout); the upload was given up, and nothing was stored.");
        }
    }

    /// <exception cref="RefusedException">There is more.</exception>
    public async Task AssertEndAsync(string after)
    {
        if (await NextAsync() is not null)
            throw PartReader.Bad($"Nothing may come after the {after}; nothing was stored.");
    }

    public void Dispose() => _idle.Dispose();
}

/// <summary>What is said of uploads that are none.</summary>
internal static class PartReader
{
    public static RefusedException Bad(string message) => new(Refusal.InvalidRequest, message);
}
