using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>The gRPC server that the dashboard takes the resources from: loopback only, and only for those who know the key.</summary>
internal sealed class ResourceServiceHost(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService consoles,
    ResourceCommandService commands,
    IConfiguration configuration,
    ILoggerFactory loggers) : IAsyncDisposable
{
    private const string KeyHeader = "x-resource-service-api-key";
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(500);

    private WebApplication? _server;

    /// <summary>Starts it and returns its address; without a wanted port it takes a free one.</summary>
    internal async Task<Uri> StartAsync(Uri? wanted, CancellationToken cancellationToken)
    {
        // An empty builder: no configuration of the AppHost's, such as its URLs, may leak in.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, wanted));
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(model).AddSingleton(notifications).AddSingleton(consoles).AddSingleton(commands).AddSingleton(configuration);
        builder.Services.AddSingleton<SecretMask>();
        builder.Services.AddSingleton<ResourceMapper>();
        _server = builder.Build();
        if (!DashboardKeys.IsOpen(configuration))
            _server.Use(OnlyWithKeyAsync);
        _server.MapGrpcService<ResourceService>();
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (IOException taken) when (wanted is { Port: > 0 } && !PortAllocator.IsFree(wanted.Port))
        {
            throw new DistributedApplicationException(
                $"port {wanted.Port} of the resource service ({wanted}) is in use by {PortHolder.Describe(wanted.Port)}; "
                + "end it, or change the AppHost's launch profile", taken);
        }

        string bound = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Uri(bound);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
            return;

        // The dashboard's streams are open until somebody ends them.
        using var limit = new CancellationTokenSource(StopLimit);
        await _server.StopAsync(limit.Token);
        await _server.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, Uri? wanted)
    {
        int port = wanted?.Port ?? 0;
        if (port != 0 && wanted!.Host == "localhost")
            kestrel.ListenLocalhost(port, http => http.Protocols = HttpProtocols.Http2);
        else
            kestrel.Listen(IPAddress.Loopback, port, http => http.Protocols = HttpProtocols.Http2);
    }

    private async Task OnlyWithKeyAsync(HttpContext context, RequestDelegate next)
    {
        byte[] key = Encoding.UTF8.GetBytes(configuration[DashboardKeys.ResourceServiceKey] ?? "");
        byte[] shown = Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString());
        if (key.Length > 0 && CryptographicOperations.FixedTimeEquals(key, shown))
            await next(context);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }
}
