using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>Turns refusals into gRPC statuses, so that services speak of refusals only.</summary>
public sealed class RefusalInterceptor : CallInterceptor
{
    /// <summary>The trailer that carries the reason.</summary>
    public const string Trailer = "chord-refusal";

    protected override async Task<T> RunAsync<T>(Func<Task<T>> handler, ServerCallContext context)
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
        Refusal.NotAllowed => StatusCode.PermissionDenied,
        _ => StatusCode.FailedPrecondition,
    };

    /// <summary>The refusal in a failed call; null when the call failed otherwise.</summary>
    internal static Refusal? ReasonOf(RpcException failure) =>
        Enum.TryParse(failure.Trailers.GetValue(Trailer), out Refusal reason) ? reason : null;
}
