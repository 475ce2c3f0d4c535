using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.Dcp;

/// <summary>Waits for a DCP that was just launched: first for its address, then for its answer.</summary>
internal sealed class DcpConnector(DcpFolders folders, X509Certificate2 trusted, DcpHealth health, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    internal async Task<DcpApi> ConnectAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            Kubeconfig kubeconfig = await ReadKubeconfigAsync(either.Token);
            var api = new DcpApi(DcpApi.CarrierFor(trusted), kubeconfig, time);
            try
            {
                await AwaitAnswerAsync(api, either.Token);
                return api;
            }
            catch
            {
                api.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DcpException($"Aspire's orchestrator did not answer within {limit.TotalSeconds:0} s. {health.Describe()}");
        }
    }

    private async Task<Kubeconfig> ReadKubeconfigAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (ReadText() is { } text && Kubeconfig.TryParse(text) is { } kubeconfig)
                return kubeconfig;
            await PauseUnlessEndedAsync(cancellationToken);
        }
    }

    private async Task AwaitAnswerAsync(DcpApi api, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                DcpReply reply = await api.CallAsync(HttpMethod.Get, DcpPaths.Execution, null, cancellationToken);
                if (reply.Status == HttpStatusCode.OK)
                    return;
            }
            catch (DcpException)
            {
                // The file is written before the port is open.
            }

            await PauseUnlessEndedAsync(cancellationToken);
        }
    }

    private string? ReadText()
    {
        try
        {
            return File.ReadAllText(folders.Kubeconfig);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task PauseUnlessEndedAsync(CancellationToken cancellationToken)
    {
        if (folders.DcpHasEnded)
            throw new DcpException($"Aspire's orchestrator ended right after it was started. {health.Describe()}");
        await Task.Delay(Poll, time, cancellationToken);
    }
}
