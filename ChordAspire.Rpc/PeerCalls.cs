using System.Diagnostics;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>What all calls to other peers have in common: a deadline, the trace they belong to, and failures as outcomes.</summary>
internal static class PeerCalls
{
    public static async Task<CallResult<TResult>> CallAsync<TReply, TResult>(
        string address, TimeSpan timeout, TimeProvider time, Func<CallOptions, AsyncUnaryCall<TReply>> call, Func<TReply, TResult> read,
        Action<TimeSpan>? count, CancellationToken cancellationToken)
    {
        var options = new CallOptions(TraceContext(), (time.GetUtcNow() + timeout).UtcDateTime, cancellationToken);
        long started = time.GetTimestamp();
        try
        {
            using AsyncUnaryCall<TReply> under = call(options);
            TReply reply = await under.ResponseAsync.ConfigureAwait(false);
            count?.Invoke(time.GetElapsedTime(started));
            return CallResult<TResult>.Answered(read(reply));
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (RefusalInterceptor.ReasonOf(failure) is { } reason)
                return CallResult<TResult>.RefusedFor(reason, failure.Status.Detail);
            string detail = $"{failure.StatusCode}: {failure.Status.Detail}";
            return failure.StatusCode == StatusCode.Unimplemented ? CallResult<TResult>.NotInThisContract(detail) : CallResult<TResult>.Silent(detail);
        }
        catch (RpcException failure)
        {
            throw new OperationCanceledException("The call was given up.", failure, cancellationToken);
        }
        catch (RefusedException malformed)
        {
            // It answered, but with what no peer of this ring would say: as good as silence, and no fault of who asked.
            return CallResult<TResult>.RefusedFor(Refusal.Unavailable, $"{address} answered badly: {malformed.Message}");
        }
    }

    /// <summary>Hands the trace on where a lookup is being traced; housekeeping has no current span and sends nothing.</summary>
    public static Metadata? TraceContext() =>
        Activity.Current is { Recorded: true, Id: { } id } ? new Metadata { { "traceparent", id } } : null;

    /// <summary>Whether a stream ended with this. A connection that is reset in the middle of a write is told by an exception of its own, not by a status.</summary>
    public static bool IsBreak(Exception failure) => failure is RpcException or IOException;

    /// <summary>What a stream that broke is told as.</summary>
    public static RefusedException Broken(Exception failure) => failure is RpcException call
        ? new RefusedException(RefusalInterceptor.ReasonOf(call) ?? Refusal.Unavailable, $"{call.StatusCode}: {call.Status.Detail}", call)
        : new RefusedException(Refusal.Unavailable, failure.Message, failure);
}
