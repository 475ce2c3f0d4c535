using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ChordAspire.Peer;

/// <summary>
/// Logs the calls in which a service of ours failed. Under load many a call ends before it was read or answered, because its caller's time
/// was up; that is no failure of this peer, and the caller tells of it where it matters.
/// </summary>
internal sealed class BrokenCalls(ILogger<BrokenCalls> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception broken) when (broken is not RpcException)
        {
            Log.CallBroke(logger, broken, context.Method);
            throw;
        }
    }
}
