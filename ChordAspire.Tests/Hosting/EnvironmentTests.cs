using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Hosting;

/// <summary>What a process is told: by variables, arguments, endpoints and references.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task Values_that_are_not_known_yet_are_filled_in_when_the_process_starts()
    {
        EndpointReference? api = null;
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
        {
            IResourceBuilder<ExecutableResource> caller = builder.AddObedient("caller");
            api = builder.AddObedient("api").WithHttpEndpoint(name: "http", env: "LISTEN_ON", isProxied: false).GetEndpoint("http");
            caller
                .WithEnvironment("PLAIN", "text")
                .WithEnvironment("NOTHING", (string?)null)
                .WithEnvironment("ASKED", () => "asked")
                .WithEnvironment("URL", api)
                .WithEnvironment("PORT_ONLY", api.Property(EndpointProperty.Port))
                .WithEnvironment("MIXED", $"<{api.Property(EndpointProperty.Host)}|{api.Property(EndpointProperty.HostAndPort)}>")
                .WithEnvironment(context => context.EnvironmentVariables["LATER"] = api);
        });
        IReadOnlyDictionary<string, string> given = await application.EnvironmentAsync("caller");

        Assert.True(api!.IsAllocated);
        Assert.Equal($"http://localhost:{api.Port}", api.Url);
        Assert.Equal(new Uri(api.Url), application.App.GetEndpoint("api"));
        Assert.Equal("text", given["PLAIN"]);
        Assert.Equal("", given["NOTHING"]);
        Assert.Equal("asked", given["ASKED"]);
        Assert.Equal(api.Url, given["URL"]);
        Assert.Equal($"{api.Port}", given["PORT_ONLY"]);
        Assert.Equal($"<localhost|localhost:{api.Port}>", given["MIXED"]);
        Assert.Equal(api.Url, given["LATER"]);
        Assert.Equal($"{api.Port}", (await application.EnvironmentAsync("api"))["LISTEN_ON"]);
    }

    [Fact]
    public async Task References_are_told_in_both_forms_of_service_discovery()
    {
        EndpointReference? web = null, own = null;
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
        {
            IResourceBuilder<ExecutableResource> api = builder.AddObedient("the-api")
                .WithHttpEndpoint(name: "http", isProxied: false).WithHttpEndpoint(name: "own", isProxied: false);
            (web, own) = (api.GetEndpoint("http"), api.GetEndpoint("own"));
            builder.AddObedient("caller").WithReference(web).WithReference(own);
        });
        IReadOnlyDictionary<string, string> given = await application.EnvironmentAsync("caller");

        Assert.Equal(web!.Url, given["services__the-api__http__0"]);
        Assert.Equal(own!.Url, given["services__the-api__own__0"]);
        Assert.Equal(web.Url, given["THE_API_HTTP"]);
        Assert.Equal(own.Url, given["THE_API_OWN"]);
    }

    [Fact]
    public async Task A_fixed_port_without_a_proxy_is_the_port_even_in_a_test()
    {
        int port = AppHostProcess.FreePort();
        EndpointReference? endpoint = null;
        await using SmallApplication application = await SmallApplication.StartAsync(builder => endpoint =
            builder.AddObedient("api").WithHttpEndpoint(port: port, targetPort: port, env: "LISTEN_ON", isProxied: false).GetEndpoint("http"));
        Assert.Equal($"{port}", (await application.EnvironmentAsync("api"))["LISTEN_ON"]);
        Assert.Equal((port, port), (endpoint!.Port, endpoint.TargetPort));
    }

    [Fact]
    public async Task Callbacks_are_asked_anew_at_each_start()
    {
        int starts = 0;
        await using SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddObedient("counted")
            .WithEnvironment(context => context.EnvironmentVariables["START"] = $"{++starts}"));
        int first = await application.ProcessAsync("counted");
        string before = (await application.EnvironmentAsync("counted"))["START"];
        await application.CommandAsync("counted", KnownResourceCommands.RestartCommand);
        string after = (await application.EnvironmentAsync("counted", otherThan: first))["START"];
        Assert.True(int.Parse(after, null) > int.Parse(before, null), $"First {before}, then {after}.");
    }

    [Fact]
    public async Task Arguments_are_handed_over_as_they_are()
    {
        await using SmallApplication application = await SmallApplication.StartAsync(builder =>
            builder.AddExecutable("program", "/bin/sh", "/", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done", "name", "two words")
                .WithArgs(context => context.Args.Add("{{braces}} $HOME")));
        int id = await application.ProcessAsync("program");
        string[] given = (await File.ReadAllTextAsync($"/proc/{id}/cmdline", SmallApplication.Cancel)).Split('\0');
        Assert.Equal(["name", "two words", "{{braces}} $HOME"], given[3..^1]);
    }

    [Fact]
    public async Task What_concerns_the_AppHost_is_not_inherited()
    {
        string[] concerns = ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE"];
        Dictionary<string, string?> before = concerns.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        try
        {
            foreach (string name in concerns)
                Environment.SetEnvironmentVariable(name, name == "ASPNETCORE_URLS" ? "http://localhost:1" : "Test");
            await using SmallApplication application = await SmallApplication.StartAsync(builder => builder.AddObedient("heir"));
            IReadOnlyDictionary<string, string> given = await application.EnvironmentAsync("heir");
            Assert.All(concerns, name => Assert.DoesNotContain(name, given.Keys));
            Assert.Equal(Environment.GetEnvironmentVariable("PATH"), given["PATH"]);
        }
        finally
        {
            foreach ((string name, string? value) in before)
                Environment.SetEnvironmentVariable(name, value);
        }
    }
}
