using ChordAspire.Rpc.Seed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Interop;

/// <summary>Serves the seed's contract at a free port of the loopback.</summary>
internal sealed class SeedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SeedServer(WebApplication app) => _app = app;

    public string Address => new Uri(_app.Urls.Single()).Authority;

    public static async Task<SeedServer> StartAsync<TService>(TService service, CancellationToken cancellationToken)
        where TService : ChordService.ChordServiceBase
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(service);
        builder.Services.AddGrpc();
        WebApplication app = builder.Build();
        app.MapGrpcService<TService>();
        await app.StartAsync(cancellationToken);
        return new SeedServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
