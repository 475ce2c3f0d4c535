using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ChordAspire.Rpc;

/// <summary>Turns refusals into gRPC statuses, so that services speak of refusals only.</summary>
public sealed class RefusalInterceptor : Interceptor
{
    /// <summary>The trailer that carries the reason.</summary>
    public const string Trailer = "chord-refusal";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(() => continuation(request, context), context);

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(() => continuation(requestStream, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(
            async () =>
            {
                await continuation(request, responseStream, context).ConfigureAwait(false);
                return true;
            },
            context);

    private static async Task<T> RunAsync<T>(Func<Task<T>> handler, ServerCallContext context)
    {
        try
        {
            return await handler().ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            throw new RpcException(new Status(StatusOf(refused.Reason), refused.Message), new Metadata { { Trailer, refused.Reason.ToString() } });
        }
        catch (Exception gone) when (context.CancellationToken.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The caller gave up, or its deadline passed."));
        }
    }

    private static StatusCode StatusOf(Refusal reason) => reason switch
    {
        Refusal.InvalidRequest => StatusCode.InvalidArgument,
        Refusal.Exhausted => StatusCode.ResourceExhausted,
        Refusal.Unavailable => StatusCode.Unavailable,
        Refusal.Changed => StatusCode.Aborted,
        Refusal.Corrupted => StatusCode.DataLoss,
        _ => StatusCode.FailedPrecondition,
    };

    /// <summary>The refusal in a failed call; null when the call failed otherwise.</summary>
    internal static Refusal? ReasonOf(RpcException failure) =>
        Enum.TryParse(failure.Trailers.GetValue(Trailer), out Refusal reason) ? reason : null;
}
