using System.Text.RegularExpressions;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Core;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Answers the dashboard.</summary>
internal sealed partial class ResourceService(
    ResourceNotificationService notifications,
    ResourceLoggerService consoles,
    ResourceCommandService commands,
    ResourceMapper mapper,
    IConfiguration configuration) : DashboardService.DashboardServiceBase
{
    /// <summary>An older dashboard shows a warning.</summary>
    private const string OldestDashboard = "13.5.0";

    public override Task<ApplicationInformationResponse> GetApplicationInformation(ApplicationInformationRequest request, ServerCallContext context)
    {
        string name = configuration["AppHost:DashboardApplicationName"] ?? "Aspire";
        return Task.FromResult(new ApplicationInformationResponse { ApplicationName = ShownName(name), MinDashboardVersion = OldestDashboard });
    }

    /// <summary>What an AppHost is for: its name without "AppHost" at the end.</summary>
    internal static string ShownName(string name) => AppHostSuffix().Replace(name, "");

    public override Task WatchResources(
        WatchResourcesRequest request, IServerStreamWriter<WatchResourcesUpdate> responseStream, ServerCallContext context) =>
        UntilGoneAsync(context, async cancellationToken =>
        {
            ChannelReader<ResourceEvent> changes = notifications.Open(out IReadOnlyList<ResourceEvent> now);
            try
            {
                var initial = new InitialResourceData();
                initial.Resources.AddRange(now.Select(mapper.Map));
                await responseStream.WriteAsync(new WatchResourcesUpdate { InitialData = initial }, cancellationToken);
                while (await changes.WaitToReadAsync(cancellationToken))
                    await responseStream.WriteAsync(new WatchResourcesUpdate { Changes = Batch(changes) }, cancellationToken);
            }
            finally
            {
                notifications.Close(changes);
            }
        });

    public override Task WatchResourceConsoleLogs(
        WatchResourceConsoleLogsRequest request, IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream, ServerCallContext context) =>
        UntilGoneAsync(context, async cancellationToken =>
        {
            IAsyncEnumerable<IReadOnlyList<LogLine>> batches =
                request.SuppressFollow ? consoles.GetAllAsync(request.ResourceName) : consoles.WatchAsync(request.ResourceName);
            await foreach (IReadOnlyList<LogLine> lines in batches.WithCancellation(cancellationToken))
            {
                foreach (WatchResourceConsoleLogsUpdate update in ConsoleBatches.Of(lines))
                    await responseStream.WriteAsync(update, cancellationToken);
            }
        });

    public override async Task<ResourceCommandResponse> ExecuteResourceCommand(ResourceCommandRequest request, ServerCallContext context)
    {
        ExecuteCommandResult result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, context.CancellationToken);
        var response = new ResourceCommandResponse
        {
            Kind = result.Success ? ResourceCommandResponseKind.Succeeded
                : result.Canceled ? ResourceCommandResponseKind.Cancelled
                : ResourceCommandResponseKind.Failed,
        };
        if (result.Message is not null)
            response.Message = result.Message;
        if (result.Data is { } made)
        {
            response.Result = new ResourceCommandResult
            {
                Value = made.Value,
                Format = made.Format switch
                {
                    ApplicationModel.CommandResultFormat.Json => Wire.CommandResultFormat.Json,
                    ApplicationModel.CommandResultFormat.Markdown => Wire.CommandResultFormat.Markdown,
                    _ => Wire.CommandResultFormat.Text,
                },
                DisplayImmediately = made.DisplayImmediately,
            };
        }

        return response;
    }

    public override Task WatchInteractions(
        IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context) =>
        UntilGoneAsync(context, async cancellationToken =>
        {
            while (await requestStream.MoveNext(cancellationToken))
            {
                // The dashboard answers questions that we do not ask.
            }
        });

    // The newest state of each resource is enough, however many there were since the last look.
    private WatchResourcesChanges Batch(ChannelReader<ResourceEvent> changes)
    {
        var newest = new Dictionary<string, ResourceEvent>();
        while (changes.TryRead(out ResourceEvent? change))
            newest[change.ResourceId] = change;
        var batch = new WatchResourcesChanges();
        batch.Value.AddRange(newest.Values.Select(change => new WatchResourcesChange { Upsert = mapper.Map(change) }));
        return batch;
    }

    /// <summary>A page that is closed, or the end of either side, ends a stream in good order.</summary>
    private static async Task UntilGoneAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        try
        {
            await stream(context.CancellationToken);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException || context.CancellationToken.IsCancellationRequested)
        {
        }
    }

    [GeneratedRegex(@"(?<=.)\.?AppHost$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex AppHostSuffix();
}
