using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ChordAspire.Rpc;

/// <summary>Does the same round each call of a service, whether it streams or not.</summary>
public abstract class CallInterceptor : Interceptor
{
    public sealed override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(() => continuation(request, context), context);

    public sealed override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(() => continuation(requestStream, context), context);

    public sealed override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(
            async () =>
            {
                await continuation(request, responseStream, context).ConfigureAwait(false);
                return true;
            },
            context);

    /// <param name="handler">The call; to be made once.</param>
    protected abstract Task<T> RunAsync<T>(Func<Task<T>> handler, ServerCallContext context);
}
