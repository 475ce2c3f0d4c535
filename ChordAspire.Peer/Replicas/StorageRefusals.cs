using ChordAspire.Rpc;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>Turns what the object store throws into refusals that clients understand.</summary>
internal sealed class StorageRefusals : CallInterceptor
{
    protected override async Task<T> RunAsync<T>(Func<Task<T>> handler, ServerCallContext context)
    {
        try
        {
            return await handler();
        }
        catch (Exception failure) when (RefusalOf(failure, context) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Null where it is no matter of the store.</summary>
    private static RefusedException? RefusalOf(Exception failure, ServerCallContext context) => failure switch
    {
        StorageRefusedException => new RefusedException(Refusal.Exhausted, failure.Message, failure),
        // A replica has it; by the next try this peer knows.
        DamagedObjectException => new RefusedException(Refusal.Unavailable, "The copy here is damaged and was set aside; try again.", failure),
        IOException when !context.CancellationToken.IsCancellationRequested => new RefusedException(Refusal.Unavailable, $"The disk failed: {failure.Message}", failure),
        ObjectDisposedException => new RefusedException(Refusal.Unavailable, "This peer is ending.", failure),
        _ => null,
    };
}
