using System.Reflection;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What is different when an AppHost runs in a test.</summary>
internal static class TestDefaults
{
    internal static void Apply(
        DistributedApplicationOptions options,
        HostApplicationBuilderSettings settings,
        string[] args,
        Assembly appHost,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    {
        settings.Args = [.. settings.Args ?? [], .. args.Except(settings.Args ?? [])];
        options.Args = settings.Args;
        settings.ApplicationName = options.AssemblyName = appHost.GetName().Name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        string? folder = AppHostIdentity.DirectoryOf(appHost);
        if (folder is not null)
            settings.ContentRootPath = folder;
        AddMissing(settings, new Dictionary<string, string?>
        {
            ["DcpPublisher:RandomizePorts"] = "true",
            ["DcpPublisher:WaitForResourceCleanup"] = "true",
            ["ASPNETCORE_URLS"] = "http://localhost:8080",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:4317",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        });

        configure(options, settings);
        if (folder is not null)
            ApplyLaunchProfile(settings, folder);
    }

    private static void ApplyLaunchProfile(HostApplicationBuilderSettings settings, string folder)
    {
        if (LaunchProfiles.Find(folder, Known(settings)["DOTNET_LAUNCH_PROFILE"], byDefault: null) is not { } found)
            return;
        var variables = new Dictionary<string, string?> { ["DOTNET_LAUNCH_PROFILE"] = found.Name };
        foreach ((string name, string value) in found.Profile.EnvironmentVariables)
        {
            variables[name] = value;

            // As the host itself does with real variables of these prefixes.
            foreach (string prefix in (string[])["DOTNET_", "ASPNETCORE_"])
            {
                if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    variables[name[prefix.Length..]] = value;
            }
        }

        AddMissing(settings, variables);
    }

    private static void AddMissing(HostApplicationBuilderSettings settings, Dictionary<string, string?> values)
    {
        ConfigurationManager known = Known(settings);
        KeyValuePair<string, string?>[] missing = [.. values.Where(entry => known[entry.Key] is null)];
        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection(missing);
    }

    private static ConfigurationManager Known(HostApplicationBuilderSettings settings)
    {
        var known = new ConfigurationManager();
        if (settings.Configuration is not null)
            known.AddConfiguration(settings.Configuration);
        known.AddCommandLine(settings.Args ?? []);
        return known;
    }
}
