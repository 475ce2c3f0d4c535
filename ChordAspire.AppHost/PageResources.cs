namespace ChordAspire.AppHost;

/// <summary>The ring page as a resource: it shows the ring to people, and nobody waits for it.</summary>
internal static class PageResources
{
    private const string HttpEndpoint = "http";

    /// <param name="first">The page starts when this peer, or another, is in the ring: it must not take time from the start of the ring itself.</param>
    public static void AddRingPage(this IDistributedApplicationBuilder builder, RingPeer first, int? port)
    {
        IResourceBuilder<ProjectResource> page = builder.AddProject<Projects.ChordAspire_Observatory>("ring-page")
            .WithHttpEndpoint(port: port, targetPort: port, name: HttpEndpoint, isProxied: false)
            .WithUrlForEndpoint(HttpEndpoint, static url => url.DisplayText = "the ring")
            .WithHttpHealthCheck("/health", endpointName: HttpEndpoint)
            .WithReferenceRelationship(first.Resource)
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
            // The dashboard's own address; it asks for its token where the browser has not been there.
            .WithEnvironment("Observatory__Dashboard", builder.Configuration["ASPNETCORE_URLS"]?.Split(';')[0] ?? "");
        page.WithEnvironment("PORT", page.GetEndpoint(HttpEndpoint).Property(EndpointProperty.TargetPort));
        page.WithEnvironment(context => NamePeersAsync(context, first));
        if (!builder.Environment.IsDevelopment())
            return;
        builder.Services.AddSingleton<RingControl>();
        page.WithEnvironment(static async context =>
        {
            RingControl control = context.ExecutionContext.Services.GetRequiredService<RingControl>();
            context.EnvironmentVariables["Observatory__Commands"] = (await control.Address.ConfigureAwait(false)).ToString();
            context.EnvironmentVariables["Observatory__CommandToken"] = control.Token;
        });
    }

    private static async Task NamePeersAsync(EnvironmentCallbackContext context, RingPeer first)
    {
        IServiceProvider services = context.ExecutionContext.Services;
        await services.GetRequiredService<RingWatch>().WaitForMemberAsync(first, context.Logger, context.CancellationToken).ConfigureAwait(false);
        // Those that have an address by now; the page finds the others through them.
        context.EnvironmentVariables["Observatory__Peers"] = string.Join(
            ',', services.GetRequiredService<RingRoster>().Members.Where(member => member.Address is not null).Select(member => $"{member.Name}={member.Address}"));
    }
}
