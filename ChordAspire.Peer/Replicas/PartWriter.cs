using ChordAspire.Rpc;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>Sends the parts of an answer, and gives up on a receiver that takes nothing any more: it would keep a file open, and its buffers.</summary>
internal sealed class PartWriter<T>(IServerStreamWriter<T> parts, TimeSpan idleTimeout, CancellationToken cancellationToken) : IDisposable
    where T : class
{
    private readonly CancellationTokenSource _idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Ends when the part has left, and what it was made of may be used again.</summary>
    /// <exception cref="RefusedException">It was not taken in time.</exception>
    public async Task WriteAsync(T part)
    {
        _idle.CancelAfter(idleTimeout);
        try
        {
            await parts.WriteAsync(part, _idle.Token);
            _idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Exhausted, $"Nothing was taken for {idleTimeout} (Storage:IdleTimeout); the answer was given up.");
        }
    }

    public void Dispose() => _idle.Dispose();
}
