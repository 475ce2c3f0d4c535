using ChordAspire.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ChordAspire.Peer;

/// <summary>Turns what the object store throws into refusals that clients understand.</summary>
internal sealed class StorageRefusals : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception failure) when (RefusalOf(failure, context) is { } refusal)
        {
            throw refusal;
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception failure) when (RefusalOf(failure, context) is { } refusal)
        {
            throw refusal;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
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
