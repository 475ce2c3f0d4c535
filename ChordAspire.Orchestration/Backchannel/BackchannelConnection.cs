using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamJsonRpc;

namespace Aspire.Hosting.Backchannel;

/// <summary>One client, from its coming to its going.</summary>
internal static class BackchannelConnection
{
    /// <summary>Serves the client until it goes or the application ends.</summary>
    /// <exception cref="Exception">What the client sent was no message, or it was cut off.</exception>
    internal static async Task ServeAsync(Socket client, IServiceProvider services, CancellationToken stopping)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var stream = new NetworkStream(client, ownsSocket: true);
        using var formatter = new SystemTextJsonFormatter
        {
            JsonSerializerOptions = new JsonSerializerOptions(JsonSerializerDefaults.Web),
        };
        using var calls = new BoundedCalls(new FramedMessages(stream, formatter)) { CancelLocallyInvokedMethodsWhenConnectionIsClosed = true };
        calls.AddLocalRpcTarget(
            ActivatorUtilities.CreateInstance<BackchannelMethods>(services, gone.Token), new JsonRpcTargetOptions { NotifyClientOfEvents = false });
        try
        {
            calls.StartListening();
            await calls.Completion.WaitAsync(stopping);
        }
        finally
        {
            await gone.CancelAsync();
        }
    }
}
