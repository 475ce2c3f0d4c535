using System.Net;
using ChordAspire.Observatory;
using ChordAspire.Observatory.Components;
using ChordAspire.Rpc;
using ChordAspire.ServiceDefaults;

// PORT says where the page listens, on loopback only. Addresses for web servers in general are set aside, as the peers do.
WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = [.. args, "--urls=", "--http_ports=", "--https_ports="],
    ContentRootPath = AppContext.BaseDirectory,
});
if (!ObservatoryOptions.TryRead(builder.Configuration, out ObservatoryOptions? read, out string? error))
{
    await Console.Error.WriteLineAsync($"Configuration error: {error}");
    return 2;
}
ObservatoryOptions options = read!;

builder.AddServiceDefaults();
builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
// The assets lie where they were built, or beside the published program.
builder.WebHost.UseStaticWebAssets();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Loopback, options.Port);
});
// A page of another site must not reach this one under a name of its own.
builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
builder.Services.AddSingleton(options);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(new PeerChannels(TimeSpan.FromSeconds(2)));
builder.Services.AddSingleton<RingHistory>();
builder.Services.AddSingleton<PeerNames>();
builder.Services.AddSingleton<OwnLookups>();
builder.Services.AddSingleton<HostCommands>();
builder.Services.AddSingleton<RingObserver>();
builder.Services.AddSingleton<RingAccess>();
builder.Services.AddHostedService(services => services.GetRequiredService<RingObserver>());
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

WebApplication app = builder.Build();
app.Use(static (context, next) =>
{
    // Everything comes from here: no content network, no script of anybody else's. Styles of single elements say when an animation begins.
    context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'self'; frame-ancestors 'self'";
    context.Response.Headers.XContentTypeOptions = "nosniff";
    return next(context);
});
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.MapDefaultEndpoints();
FileDownload.MapTo(app);
await app.RunAsync();
return 0;
