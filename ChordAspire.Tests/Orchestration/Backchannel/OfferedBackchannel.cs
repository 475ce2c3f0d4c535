using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Backchannel;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace ChordAspire.Tests.Orchestration.Backchannel;

/// <summary>An application of which nothing has been started but its backchannel, in a home of its own.</summary>
internal sealed class OfferedBackchannel : IAsyncDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly HeardLog _log = new(LogLevel.Warning);
    private readonly BackchannelService _service;

    private OfferedBackchannel(Action<IDistributedApplicationBuilder> describe, Func<string, string> placeHome)
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        Home = placeHome(_home.Path);
        builder.Services.AddSingleton(new BackchannelFolder(Home));
        builder.Services.AddSingleton<ILoggerProvider>(_log);
        describe(builder);
        Application = builder.BuildKnown();
        _service = Application.Services.GetServices<IHostedService>().OfType<BackchannelService>().Single();
    }

    internal DistributedApplication Application { get; }

    internal string Home { get; }

    internal string Folder => Path.Combine(Home, ".aspire", "cli", "bch");

    /// <summary>Warnings and worse.</summary>
    internal IReadOnlyList<string> Complaints => _log.Lines;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Offered, and there.</summary>
    internal static async Task<OfferedBackchannel> StartAsync(
        Action<IDistributedApplicationBuilder>? describe = null, Func<string, string>? placeHome = null)
    {
        OfferedBackchannel offered = await BeginAsync(describe, placeHome);
        await offered.UntilAsync("the socket is there", () => File.Exists(offered.SocketOrNone()));
        return offered;
    }

    /// <summary>Offered, whatever becomes of it.</summary>
    internal static async Task<OfferedBackchannel> BeginAsync(
        Action<IDistributedApplicationBuilder>? describe = null, Func<string, string>? placeHome = null)
    {
        var offered = new OfferedBackchannel(describe ?? (_ => { }), placeHome ?? (home => home));
        await offered._service.StartAsync(Cancel);
        return offered;
    }

    internal Task StopAsync() => _service.StopAsync(Cancel);

    internal async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        // The file is there before anybody listens.
        await UntilAsync("somebody listens", () => TryConnect(socket));
        return socket;
    }

    /// <summary>A client that speaks the protocol.</summary>
    internal async Task<JsonRpc> ConnectClientAsync()
    {
        var client = new JsonRpc(new HeaderDelimitedMessageHandler(
            new NetworkStream(await ConnectAsync(), ownsSocket: true),
            new SystemTextJsonFormatter { JsonSerializerOptions = new(System.Text.Json.JsonSerializerDefaults.Web) }));
        client.StartListening();
        return client;
    }

    internal async Task AssertAnswersAsync()
    {
        using JsonRpc client = await ConnectClientAsync();
        var identity = await client.InvokeWithCancellationAsync<HostIdentity>("GetAppHostInformationAsync", [], Cancel);
        Assert.Equal(Environment.ProcessId, identity.ProcessId);
        Assert.Empty(Complaints);
    }

    internal Task UntilAsync(string what, Func<bool> condition) => UntilAsync(what, () => Task.FromResult(condition()));

    internal async Task UntilAsync(string what, Func<Task<bool>> condition) =>
        await Patience.UntilAsync(what, condition, () => string.Join('\n', Complaints), Cancel);

    internal Task ShowAsync(IResource resource, string state) => Application.ShowAsync(resource, state);

    internal string? SocketOrNone() => Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder).SingleOrDefault() : null;

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        _home.Dispose();
    }

    private bool TryConnect(Socket socket)
    {
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketOrNone()!));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
