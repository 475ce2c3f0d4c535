using System.Net;
using ChordAspire.Rpc.Seed;
using ChordAspire.SeedPeer;
using Microsoft.AspNetCore.Server.Kestrel.Core;

TimeSpan round = TimeSpan.FromSeconds(1);
// No call of a seed peer has a deadline; but the process ends when it is told to.
TimeSpan leavePatience = TimeSpan.FromSeconds(3);

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder([.. args, "--urls=", "--http_ports=", "--https_ports="]);
SeedSettings settings;
try
{
    settings = SeedSettings.Read(builder.Configuration);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync($"Configuration error: {wrong.Message}");
    return 2;
}
builder.Logging.AddFilter("Microsoft", LogLevel.None).AddFilter("Grpc", LogLevel.None);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.Port, endpoint => endpoint.Protocols = HttpProtocols.Http2));
// Calls under way, without a deadline as they are, do not hold up the end.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
var node = new SeedNode(new NodeInfo { Id = settings.Id, Address = settings.Address });
builder.Services.AddSingleton(node);
builder.Services.AddSingleton<SeedServicer>();
builder.Services.AddSingleton<SeedWorkers>();
builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<SeedWorkers>());
await using WebApplication app = builder.Build();
app.MapGrpcService<SeedServicer>();

if (settings.StartsRing)
{
    Log.StartsRing(app.Logger, settings.Id);
}
else if (await FailureOf(() => node.JoinAsync(settings.Target)) is { } failure)
{
    Log.CouldNotJoin(app.Logger, settings.Id, settings.Target, failure.Message);
    return 1;
}
else
{
    Log.Joined(app.Logger, settings.Id, settings.Target, node.Successor.Id, node.Successor.Address);
}

if (await FailureOf(() => app.StartAsync()) is { } deaf)
{
    Log.CannotListen(app.Logger, settings.Id, deaf.Message);
    return 1;
}
Log.Listens(app.Logger, settings.Id, settings.Address);

CancellationToken stopping = app.Lifetime.ApplicationStopping;
var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using CancellationTokenRegistration registration = stopping.Register(() => told.TrySetResult());
Task maintenance = MaintainAsync();
await told.Task;
Log.Leaves(app.Logger, settings.Id);
if (await FailureOf(() => node.LeaveAsync().WaitAsync(leavePatience, TimeProvider.System)) is { } silent)
    Log.CouldNotTell(app.Logger, settings.Id, silent.Message);
await app.StopAsync(CancellationToken.None);
return 0;

// Once a second, until the first failure; then never again.
async Task MaintainAsync()
{
    Exception? failure = null;
    while (failure is null)
    {
        await Task.Delay(round, TimeProvider.System, CancellationToken.None);
        if (stopping.IsCancellationRequested)
            return;
        failure = await FailureOf(async () =>
        {
            await node.StabilizeAsync();
            await node.FixFingersAsync();
        });
    }
    Log.MaintenanceEnded(app.Logger, settings.Id, node.Successor.Id, node.Successor.Address, failure.Message);
}

// What went wrong, whatever it is: a dead peer, a silent one, or nonsense for an address.
static async Task<Exception?> FailureOf(Func<Task> work)
{
    try
    {
        await work();
        return null;
    }
#pragma warning disable CA1031
    catch (Exception failure)
#pragma warning restore CA1031
    {
        return failure;
    }
}
