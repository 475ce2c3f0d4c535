using System.Net;
using System.Net.Sockets;
using ChordAspire.Peer;
using ChordAspire.Rpc;
using ChordAspire.ServiceDefaults;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Instrumentation.AspNetCore;

// PORT and HTTP_PORT say where the peer listens. Addresses for web servers in general, as hosts hand them on to everybody, are set aside here;
// the server would warn that it does not heed them.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder([.. args, "--urls=", "--http_ports=", "--https_ports="]);
if (!PeerOptionsReader.TryRead(builder.Configuration, out PeerOptions? read, out IReadOnlyList<string> errors))
{
    foreach (string error in errors)
        await Console.Error.WriteLineAsync($"Configuration error: {error}");
    return 2;
}
PeerOptions options = read!;

builder.AddServiceDefaults();
// In code and not in appsettings.json, which is found only from the right working directory. Configuration still overrides it.
builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
// A start that fails is told in one line of ours instead of the host's stack trace; what ends a running peer is critical and still shown.
builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
// An unhealthy report while joining is an answer, not an error of this process.
builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
// The server takes a caller who gives up for an error of ours; what is one, BrokenCalls logs.
builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical);
builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
builder.Services.Configure<AspNetCoreTraceInstrumentationOptions>(tracing => tracing.Filter = new ServerSpanFilter(options).Keep);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.LeaveTimeout + TimeSpan.FromSeconds(1));
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(options.BindAddress, options.Port, endpoint => endpoint.Protocols = HttpProtocols.Http2);
    kestrel.Listen(options.BindAddress, options.HttpPort, endpoint => endpoint.Protocols = HttpProtocols.Http1);
});

builder.Services.AddSingleton(options);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(new PeerChannels(options.CallTimeoutMin));
builder.Services.AddSingleton(new RoundTripTable(options.CallTimeoutMin, options.CallTimeoutMax));
builder.Services.AddSingleton(services => new PeerCaller(
    options.Ring, services.GetRequiredService<PeerChannels>(), services.GetRequiredService<RoundTripTable>(), services.GetRequiredService<TimeProvider>()));
builder.Services.AddSingleton(services => new SeedCaller(
    options.Ring.Bits, services.GetRequiredService<PeerChannels>(), services.GetRequiredService<RoundTripTable>(), options.CallTimeoutMax,
    services.GetRequiredService<TimeProvider>(), services.GetRequiredService<SeedReports>().Report));
builder.Services.AddSingleton(services => new RingCaller(
    services.GetRequiredService<PeerCaller>(), services.GetRequiredService<SeedCaller>(), () => services.GetRequiredService<PeerLoop>().State, options.CallTimeoutMax,
    services.GetRequiredService<TimeProvider>(), services.GetRequiredService<SeedReports>().Report));
builder.Services.AddSingleton(services => new CopyCaller(options.Self, new PeerChannels(options.CallTimeoutMin), services.GetRequiredService<TimeProvider>()));
// Opened before anything else begins; see below.
ObjectStore? store = null;
builder.Services.AddSingleton(_ => store!);
builder.Services.AddSingleton<PeerLoop>();
builder.Services.AddSingleton<PeerTelemetry>();
builder.Services.AddSingleton<SeedReports>();
builder.Services.AddSingleton<OwnRing>();
builder.Services.AddSingleton<SeedValues>();
builder.Services.AddSingleton<HolderLookup>();
builder.Services.AddSingleton<LookupDriver>();
builder.Services.AddSingleton<NoticeBoard>();
builder.Services.AddSingleton<ReplicationLoop>();
builder.Services.AddSingleton<ReplicationCarrier>();
builder.Services.AddSingleton<RepairBudget>();
builder.Services.AddSingleton<CopyIntake>();
builder.Services.AddSingleton<CopyTransfers>();
builder.Services.AddSingleton<StorageTelemetry>();
builder.Services.AddSingleton<ObjectSender>();
builder.Services.AddSingleton<ObjectOwner>();
builder.Services.AddSingleton<PeerWatch>();
builder.Services.AddSingleton<RingEntry>();
builder.Services.AddSingleton<EffectCarrier>();
builder.Services.AddSingleton<ObjectRequests>();
builder.Services.AddHostedService<PeerRunner>();
builder.Services.AddHostedService<ReplicationRunner>();
builder.Services.AddHostedService<SeedWatch>();
builder.Services.AddHostedService(services => services.GetRequiredService<RingEntry>());
// Before the departure, and so ended after it: observers see the peer leave.
builder.Services.AddHostedService(services => services.GetRequiredService<PeerWatch>());
builder.Services.AddHostedService<Departure>();
builder.Services.AddHealthChecks().AddCheck<RingHealthCheck>("ring");
builder.Services.AddGrpcHealthChecks();
// Known to the container as they have no state of their own: otherwise each call makes a new one, by code that is compiled at run time.
builder.Services.AddSingleton<BrokenCalls>();
builder.Services.AddSingleton<RefusalInterceptor>();
builder.Services.AddSingleton<StorageRefusals>();
builder.Services.AddSingleton<PeerGrpcService>();
builder.Services.AddSingleton<CopyGrpcService>();
builder.Services.AddSingleton<ObjectGrpcService>();
builder.Services.AddSingleton<RingGrpcService>();
builder.Services.AddSingleton<SeedGrpcService>();
builder.Services.AddGrpc(grpc =>
{
    grpc.Interceptors.Add<BrokenCalls>();
    grpc.Interceptors.Add<RefusalInterceptor>();
    grpc.Interceptors.Add<StorageRefusals>();
    grpc.MaxReceiveMessageSize = RingLimits.MaxMessageBytes;
    grpc.IgnoreUnknownServices = false;
});
Reflection.AddTo(builder);

WebApplication app = builder.Build();
app.MapGrpcService<PeerGrpcService>();
app.MapGrpcService<CopyGrpcService>();
app.MapGrpcService<ObjectGrpcService>();
app.MapGrpcService<RingGrpcService>();
app.MapGrpcService<SeedGrpcService>();
app.MapGrpcHealthChecksService();
Reflection.MapTo(app);
app.MapDefaultEndpoints();
PeerHttp.MapTo(app);

try
{
    store = await ObjectStore.OpenAsync(options.Storage.Store, TimeProvider.System, app.Services.GetRequiredService<ILogger<ObjectStore>>());
}
catch (Exception failure) when (failure is ObjectStoreException or IOException or UnauthorizedAccessException)
{
    Log.CannotStore(app.Logger, options.Storage.Store.Directory, failure.Message);
    return await EndAsync(exitCode: 1);
}
try
{
    await app.StartAsync();
}
catch (IOException failure) when (failure.InnerException is AddressInUseException)
{
    // The colon behind it tells port 5005 from port 50051.
    bool grpc = failure.Message.Contains($":{options.Port}:", StringComparison.Ordinal);
    Log.PortInUse(app.Logger, grpc ? options.Port : options.HttpPort, grpc ? "PORT" : "HTTP_PORT");
    await app.StopAsync();
    return await EndAsync(exitCode: 1);
}
catch (SocketException failure)
{
    Log.CannotListen(app.Logger, options.BindAddress, failure.Message);
    await app.StopAsync();
    return await EndAsync(exitCode: 1);
}
Log.Listening(app.Logger, options.Self, options.BindAddress, options.Port, options.HttpPort, options.Ring.Bits, options.Ring.SuccessorListLength);
if (IPAddress.IsLoopback(options.BindAddress) && !options.Self.Address.StartsWith("127.", StringComparison.Ordinal) && !options.Self.Address.StartsWith("localhost:", StringComparison.Ordinal))
    Log.AdvertisedBeyondLoopback(app.Logger, options.Self);
await app.WaitForShutdownAsync();
return await EndAsync(Environment.ExitCode);

// Telemetry that nobody takes is given up soon: it would hold up the end of the process for ten seconds and more.
async Task<int> EndAsync(int exitCode)
{
    Task disposed = Task.Run(async () => await app.DisposeAsync());
    await Task.WhenAny(disposed, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System));
    return exitCode;
}
