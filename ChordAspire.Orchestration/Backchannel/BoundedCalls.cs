using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Aspire.Hosting.Backchannel;

/// <summary>One client's calls, of which only so many are answered at a time. The tool makes a handful.</summary>
internal sealed class BoundedCalls(IJsonRpcMessageHandler messages) : JsonRpc(messages)
{
    internal const int CallsMax = 32;

    private int _calls;

    protected override async ValueTask<JsonRpcMessage> DispatchRequestAsync(
        JsonRpcRequest request, TargetMethod targetMethod, CancellationToken cancellationToken)
    {
        try
        {
            return Interlocked.Increment(ref _calls) <= CallsMax
                ? await base.DispatchRequestAsync(request, targetMethod, cancellationToken)
                : Refusal(request);
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    private static JsonRpcError Refusal(JsonRpcRequest request) => new()
    {
        RequestId = request.RequestId,
        Error = new JsonRpcError.ErrorDetail
        {
            Code = JsonRpcErrorCode.InvocationError,
            Message = $"More than {CallsMax} calls at a time; wait for answers before you ask more.",
        },
    };
}
