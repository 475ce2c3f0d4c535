using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Rpc;

/// <summary>
/// Logs the calls in which a service of ours failed. Under load many a call ends before it was read or answered, because its caller's time
/// was up; that is no failure of this peer, and the caller tells of it where it matters.
/// </summary>
public sealed partial class BrokenCalls(ILogger<BrokenCalls> logger) : CallInterceptor
{
    protected override async Task<T> RunAsync<T>(Func<Task<T>> handler, ServerCallContext context)
    {
        try
        {
            return await handler().ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is not RpcException)
        {
            CallBroke(logger, broken, context.Method);
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Call of {Method} broke.")]
    private static partial void CallBroke(ILogger logger, Exception failure, string method);
}
