using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// Lets the <c>aspire</c> tool find this application and talk to it, over a socket that only this user reaches. The application does without where
/// that cannot be offered.
/// </summary>
internal sealed class BackchannelService(
    BackchannelFolder folder, HostFacts host, TimeProvider time, ILogger<BackchannelService> logger, IServiceProvider services)
    : IHostedService, IAsyncDisposable
{
    internal const int ConnectionsMax = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _connections = [];
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        string? path = null;
        try
        {
            folder.Prepare();
            string id = SocketName.AppHostId(RealPath.Of(host.Path));
            folder.RemoveStale(id);
            path = Path.Combine(folder.Path, SocketName.New(id, Environment.ProcessId));
            using Socket listener = Listen(path);
            BackchannelLog.Offered(logger, path);
            await AcceptAsync(listener);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The application ends.
        }
#pragma warning disable CA1031 // Whatever keeps the channel from being offered, the application has no need of it.
        catch (Exception refused)
#pragma warning restore CA1031
        {
            BackchannelLog.NotOffered(logger, folder.Path, refused.Message);
        }
        finally
        {
            if (path is not null)
                BackchannelFolder.TryRemove(path);
        }

        await Task.WhenAll(Connections()).WaitAsync(StopLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, OwnerOnly);
            listener.Listen();
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                Admit(await listener.AcceptAsync(_stopping.Token));
            }
            catch (SocketException)
            {
                // No more file descriptors, say: it may pass, but not at once.
                await Task.Delay(AfterRefusal, time, _stopping.Token);
            }
        }
    }

    private void Admit(Socket client)
    {
        lock (_lock)
        {
            if (_connections.Count < ConnectionsMax)
            {
                Task connection = Task.Run(() => ServeAsync(client), CancellationToken.None);
                _connections.Add(connection);
                _ = connection.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                return;
            }
        }

        BackchannelLog.TooMany(logger, ConnectionsMax);
        client.Dispose();
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await BackchannelConnection.ServeAsync(client, services, _stopping.Token);
        }
#pragma warning disable CA1031 // A client may send anything and go at any time; that ends its connection and nothing else.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            BackchannelLog.CutOff(logger, failure.Message);
        }
    }

    private void Forget(Task connection)
    {
        lock (_lock)
            _connections.Remove(connection);
    }

    private Task[] Connections()
    {
        lock (_lock)
            return [.. _connections];
    }
}
