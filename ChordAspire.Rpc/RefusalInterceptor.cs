using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ChordAspire.Rpc;

/// <summary>Turns refusals into gRPC statuses, so that services speak of refusals only.</summary>
public sealed class RefusalInterceptor : Interceptor
{
    /// <summary>The trailer that carries the reason.</summary>
    public const string Trailer = "chord-refusal";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            throw new RpcException(new Status(StatusOf(refused.Reason), refused.Message), new Metadata { { Trailer, refused.Reason.ToString() } });
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The caller gave up, or its deadline passed."));
        }
    }

    private static StatusCode StatusOf(Refusal reason) => reason switch
    {
        Refusal.InvalidRequest => StatusCode.InvalidArgument,
        Refusal.Exhausted => StatusCode.ResourceExhausted,
        Refusal.Unavailable => StatusCode.Unavailable,
        _ => StatusCode.FailedPrecondition,
    };

    /// <summary>The refusal in a failed call; null when the call failed otherwise.</summary>
    internal static Refusal? ReasonOf(RpcException failure) =>
        Enum.TryParse(failure.Trailers.GetValue(Trailer), out Refusal reason) ? reason : null;
}
