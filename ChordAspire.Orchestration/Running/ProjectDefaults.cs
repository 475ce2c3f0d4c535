using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Names the launch profile that a project runs with, for readers.</summary>
internal sealed record LaunchProfileInUseAnnotation(string Name) : IResourceAnnotation;

/// <summary>What every project gets: its URLs, its telemetry, its launch profile.</summary>
internal static class ProjectDefaults
{
    internal static IResourceBuilder<ProjectResource> Apply(
        IResourceBuilder<ProjectResource> builder, IProjectMetadata project, ProjectResourceOptions options)
    {
        builder.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.ApplicationBuilder.Environment.IsDevelopment())
        {
            builder.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true");
            builder.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        builder.WithOtlpExporter();
        builder.WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "simple");
        builder.WithEnvironment("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true");
        builder.WithEnvironment(context => SetUrls(builder.Resource, context));
        if (!options.ExcludeLaunchProfile)
            ApplyLaunchProfile(builder, project, options.LaunchProfileName);
        return builder;
    }

    private static void SetUrls(ProjectResource project, EnvironmentCallbackContext context)
    {
        EndpointReference[] endpoints = [.. project.GetEndpoints()
            .Where(endpoint => (endpoint.IsHttp || endpoint.IsHttps) && endpoint.EndpointAnnotation.TargetPortEnvironmentVariable is null)];
        if (endpoints.Length == 0 || context.EnvironmentVariables.ContainsKey("ASPNETCORE_URLS"))
            return;
        context.EnvironmentVariables["ASPNETCORE_URLS"] = new JoinedValues(';', [.. endpoints.Select(UrlToBind)]);
        if (endpoints.FirstOrDefault(endpoint => endpoint.IsHttps) is { } secure)
            context.EnvironmentVariables["ASPNETCORE_HTTPS_PORT"] = secure.Property(EndpointProperty.Port);
    }

    private static ReferenceExpression UrlToBind(EndpointReference endpoint) => ReferenceExpression.Create(
        $"{endpoint.Property(EndpointProperty.Scheme)}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");

    private static void ApplyLaunchProfile(IResourceBuilder<ProjectResource> builder, IProjectMetadata project, string? wanted)
    {
        string folder = Directory.Exists(project.ProjectPath) ? project.ProjectPath : Path.GetDirectoryName(project.ProjectPath)!;
        if (LaunchProfiles.Find(folder, wanted, builder.ApplicationBuilder.Configuration["DOTNET_LAUNCH_PROFILE"]) is not { } found)
            return;

        builder.WithAnnotation(new LaunchProfileInUseAnnotation(found.Name));
        var counts = new Dictionary<string, int>();
        foreach (string url in found.Profile.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var address = new Uri(url);
            int nth = counts[address.Scheme] = counts.GetValueOrDefault(address.Scheme) + 1;
            builder.WithEndpoint(nth == 1 ? address.Scheme : $"{address.Scheme}{nth}", endpoint =>
            {
                endpoint.UriScheme = address.Scheme;
                endpoint.Port = address.Port;
                endpoint.TargetHost = address.Host;
            });
        }

        if (found.Profile.CommandLineArgs is { Length: > 0 } line)
            builder.WithArgs([.. LaunchProfiles.Split(line)]);
        builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", found.Name);
            foreach ((string name, string value) in found.Profile.EnvironmentVariables)
                context.EnvironmentVariables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
        });
    }

    /// <summary>Several deferred values in one text.</summary>
    private sealed class JoinedValues(char separator, IReadOnlyList<IExpressionValue> values) : IExpressionValue
    {
        public string ValueExpression => string.Join(separator, values.Select(value => value.ValueExpression));

        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
        {
            var texts = new List<string?>(values.Count);
            foreach (IExpressionValue value in values)
                texts.Add(await value.GetValueAsync(cancellationToken));
            return string.Join(separator, texts);
        }
    }
}
