using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ChordAspire.SeedPeer;

/// <summary>Ten workers serve all calls; who comes while they are busy waits. A call that fails inside says UNKNOWN, whatever the reason.</summary>
internal sealed class SeedWorkers : Interceptor, IDisposable
{
    private const int Workers = 10;

    private readonly SemaphoreSlim _free = new(Workers, Workers);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        // Also for a caller that has given up: a worker knows nothing of it.
        await _free.WaitAsync(CancellationToken.None);
        try
        {
            return await continuation(request, context);
        }
#pragma warning disable CA1031 // Whatever it is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            throw new RpcException(new Status(StatusCode.Unknown, $"The call failed: {failure.Message}"));
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
