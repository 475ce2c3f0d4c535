using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChordAspire.AppHost;

/// <summary>Guests as resources of the application: plain programs that are told who they are, and whom to join through.</summary>
internal static class GuestResources
{
    private const string GrpcEndpoint = "grpc";

    /// <summary>A guest of its own identifier and port. It joins through any peer of ours that is in the ring when it starts.</summary>
    /// <param name="joinsVia">Asked first; null lets it start a ring.</param>
    public static RingGuest AddGuest(this IDistributedApplicationBuilder builder, GuestPlace place, int bits, RingPeer? joinsVia)
    {
        IResourceBuilder<ExecutableResource> resource = builder.AddExecutable(place.Name, place.Command, place.WorkingDirectory)
            .WithHttpEndpoint(port: place.GrpcPort, targetPort: place.GrpcPort, name: GrpcEndpoint, isProxied: false)
            .WithEndpoint(GrpcEndpoint, static endpoint => endpoint.Transport = "http2");
        // As our peers write identifiers on their pages.
        string id = place.NodeId.ToString($"x{(bits + 7) / 8 * 2}", CultureInfo.InvariantCulture);
        var guest = new RingGuest(resource.Resource, resource.GetEndpoint(GrpcEndpoint), id, place.IsSeedPeer);
        builder.Roster().Add(guest);
        EndpointReferenceExpression port = guest.Grpc.Property(EndpointProperty.TargetPort);
        string check = $"{place.Name}_listens";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(check, _ => new GuestListensCheck(guest), failureStatus: null, tags: null));
        resource
            .WithEnvironment("NODE_ID", place.NodeId.ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("PORT", port)
            .WithEnvironment("SOURCE_ADDRESS", ReferenceExpression.Create($"127.0.0.1:{port}"))
            .WithEnvironment(async context => context.EnvironmentVariables["TARGET_ADDRESS"] =
                await TargetAsync(joinsVia, context.ExecutionContext, context.Logger, context.CancellationToken).ConfigureAwait(false))
            .WithArgs(context => FillArgumentsAsync(context, place, guest, joinsVia))
            .WithHealthCheck(check)
            .WithUrlForEndpoint(GrpcEndpoint, static url => url.DisplayText = new Uri(url.Url).Authority)
            .WithGuestCommands(guest);
        if (joinsVia is not null)
            resource.WithReferenceRelationship(joinsVia.Resource);
        return guest;
    }

    private static async Task FillArgumentsAsync(CommandLineArgsCallbackContext context, GuestPlace place, RingGuest guest, RingPeer? joinsVia)
    {
        if (place.Arguments.Count == 0)
            return;
        string address = await guest.AddressAsync(context.CancellationToken).ConfigureAwait(false);
        string target = place.Arguments.Any(GuestArguments.NeedsTarget)
            ? await TargetAsync(joinsVia, context.ExecutionContext, context.Logger, context.CancellationToken).ConfigureAwait(false)
            : "";
        foreach (string argument in place.Arguments)
            context.Args.Add(GuestArguments.Fill(argument, place.NodeId, address, target));
    }

    /// <summary>
    /// Runs at each start. A seed peer ends when its target does not answer, so that this waits until one of ours is in the ring. Waiting for a certain one
    /// (WaitFor) would keep a guest from coming back after that one has been killed.
    /// </summary>
    private static async Task<string> TargetAsync(RingPeer? via, DistributedApplicationExecutionContext execution, ILogger logger, CancellationToken cancellationToken)
    {
        if (via is null)
            return "";
        RingPeer member = await execution.Services.GetRequiredService<RingWatch>().WaitForMemberAsync(via, logger, cancellationToken).ConfigureAwait(false);
        return await member.AddressAsync(cancellationToken).ConfigureAwait(false);
    }
}
