using System.Globalization;

namespace ChordAspire.AppHost;

/// <summary>Peers as resources of the application.</summary>
internal static class PeerResources
{
    private const string GrpcEndpoint = "grpc";
    private const string HttpEndpoint = "http";

    /// <summary>Targets handed to a joining peer at the most: it tries them in turn.</summary>
    private const int MaxTargets = 3;

    /// <summary>A peer of its own identifier and port. Alone it would start a ring.</summary>
    public static PeerBuilder AddPeer(this IDistributedApplicationBuilder builder, string name, PeerPlace place) => place.Executable is { } executable
        ? builder.AddExecutable(name, executable, Path.GetDirectoryName(executable)!).WithOtlpExporter().AsPeer(place)
        : builder.AddProject<Projects.ChordAspire_Peer>(name).AsPeer(place);

    private static PeerBuilder AsPeer<T>(this IResourceBuilder<T> resource, PeerPlace place)
        where T : class, IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport
    {
        // Not proxied: a proxy accepts connections for a dead peer, and nobody would notice the death.
        resource
            .WithHttpEndpoint(port: place.GrpcPort, targetPort: place.GrpcPort, name: GrpcEndpoint, isProxied: false)
            .WithEndpoint(GrpcEndpoint, static endpoint => endpoint.Transport = "http2")
            .WithHttpEndpoint(name: HttpEndpoint, isProxied: false);
        var peer = new RingPeer(resource.Resource, resource.GetEndpoint(GrpcEndpoint), resource.GetEndpoint(HttpEndpoint));
        resource.ApplicationBuilder.Roster().Add(peer);
        resource
            .WithEnvironment("NODE_ID", place.NodeId)
            .WithEnvironment("CHORD_ID_BITS", place.IdBits.ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("PORT", peer.Grpc.Property(EndpointProperty.TargetPort))
            .WithEnvironment("HTTP_PORT", peer.Http.Property(EndpointProperty.TargetPort))
            .WithEnvironment("SOURCE_ADDRESS", ReferenceExpression.Create($"127.0.0.1:{peer.Grpc.Property(EndpointProperty.TargetPort)}"))
            .WithEnvironment("TARGET_ADDRESS", "")
            .WithEnvironment("Storage__Directory", place.Directory)
            .WithEnvironment("DOTNET_ENVIRONMENT", resource.ApplicationBuilder.Environment.EnvironmentName)
            .WithHttpHealthCheck("/health", endpointName: HttpEndpoint)
            .WithUrlForEndpoint(HttpEndpoint, static url =>
            {
                url.Url = new Uri(new Uri(url.Url), "/peer").ToString();
                url.DisplayText = "neighbours";
            })
            .WithUrlForEndpoint(GrpcEndpoint, static url => url.DisplayText = new Uri(url.Url).Authority)
            .WithPeerCommands(peer);
        return new PeerBuilder(
            peer,
            via => JoinVia(resource, peer, via),
            () => resource.WithExplicitStart());
    }

    private static void JoinVia<T>(IResourceBuilder<T> resource, RingPeer peer, RingMember via)
        where T : class, IResourceWithEnvironment
    {
        resource.WithEnvironment(context => SetTargetAsync(context, peer, via));

        // A line in the dashboard's graph.
        if (via != peer)
            resource.WithReferenceRelationship(via.Resource);
    }

    /// <summary>
    /// Runs at each start. Whoever is in the ring by then can be joined through; at the first start nobody is, and all go through the one that starts the
    /// ring. When that is a peer and comes back, it names itself last, so that it starts one again where all others are gone by then.
    /// </summary>
    private static async Task SetTargetAsync(EnvironmentCallbackContext context, RingPeer self, RingMember via)
    {
        RingWatch watch = context.ExecutionContext.Services.GetRequiredService<RingWatch>();
        IReadOnlyList<RingPeer> members = await watch.FindMembersAsync(context.CancellationToken).ConfigureAwait(false);
        List<RingMember> targets = [.. members.Where(peer => peer != self).OrderBy(peer => peer != via).Take(MaxTargets)];
        if (via != self ? targets.Count == 0 : targets.Count > 0)
            targets.Add(via);
        List<string> addresses = [];
        foreach (RingMember target in targets)
            addresses.Add(await target.AddressAsync(context.CancellationToken).ConfigureAwait(false));
        context.EnvironmentVariables["TARGET_ADDRESS"] = string.Join(',', addresses);
    }

    internal static RingRoster Roster(this IDistributedApplicationBuilder builder)
    {
        if (builder.Services.FirstOrDefault(service => service.ServiceType == typeof(RingRoster))?.ImplementationInstance is RingRoster known)
            return known;
        var roster = new RingRoster();
        builder.Services.AddSingleton(roster);
        return roster;
    }
}
