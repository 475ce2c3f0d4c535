using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Wire = Aspire.Hosting.Dashboard.Wire;

namespace ChordAspire.Tests.Orchestration;

public class DashboardTests
{
    private static readonly string[] Args = ["a", "b"];

    [Theory]
    [InlineData("ASPNETCORE_URLS", null, "ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_URLS", "http://example.org:1", "on this machine")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", null, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL")]
    [InlineData("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "false", "plain http")]
    public void A_setting_that_will_not_do_is_named(string key, string? value, string expected)
    {
        IConfiguration configuration = Profile((key, value));
        Assert.Contains(expected, Assert.Throws<DistributedApplicationException>(() => Read(configuration)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_ports_are_told_to_those_who_send_telemetry()
    {
        IConfiguration configuration = Profile(("DcpPublisher:RandomizePorts", "true"));
        DashboardSettings settings = Read(configuration);
        Assert.NotEqual(15000, settings.Address.Port);
        Assert.NotEqual(19000, settings.OtlpGrpc!.Port);
        Assert.Equal(settings.OtlpGrpc.OriginalString, OtlpAddress.Find(configuration, wanted: null).Url);
    }

    [Fact]
    public void The_dashboard_is_told_every_key()
    {
        ConfigurationManager configuration = Profile();
        DashboardKeys.Provide(configuration, new DistributedApplicationOptions());
        Dictionary<string, string?> environment = DashboardEnvironment.Of(configuration, Read(configuration), new Uri("http://127.0.0.1:20000"));
        Assert.Equal("http://localhost:15000", environment["ASPNETCORE_URLS"]);
        Assert.Equal("http://127.0.0.1:20000", environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"]);
        Assert.Equal(configuration["AppHost:BrowserToken"], environment["DASHBOARD__FRONTEND__BROWSERTOKEN"]);
        string?[] keys =
        [
            .. environment.Keys.Where(name => name.EndsWith("KEY", StringComparison.Ordinal) || name.EndsWith("TOKEN", StringComparison.Ordinal))
                .Select(name => environment[name]),
        ];
        Assert.Equal(4, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Equal(32, key!.Length));
    }

    [Fact]
    public void Secrets_are_masked_in_what_the_dashboard_shows()
    {
        IConfiguration configuration = Profile(("AppHost:OtlpApiKey", "abcdef"));
        Wire.Resource shown = new ResourceMapper(new SecretMask(configuration)).Map(Seen(before => before with
        {
            EnvironmentVariables = [new("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=abcdef", true), new("NODE_ID", "7", true)],
        }));
        Assert.Equal(["x-otlp-api-key=*****", "7"], shown.Environment.Select(variable => variable.Value));
    }

    [Fact]
    public void Properties_are_shown_as_the_apphost_says()
    {
        Wire.Resource shown = new ResourceMapper(new SecretMask(Profile())).Map(Seen(before => before with
        {
            Properties = [new("ring.successor", "peer-1") { DisplayName = "Successor", IsHighlighted = true, SortOrder = 4 }, new("executable.pid", 7), new("executable.args", Args)],
        }));
        Wire.ResourceProperty[] own = [.. shown.Properties.TakeLast(3)];
        Assert.Equal([true, false, false], own.Select(property => property.IsHighlighted));
        Assert.Equal("Successor", own[0].DisplayName);
        Assert.Equal(4, own[0].SortOrder);
        Assert.Equal("peer-1", own[0].Value.StringValue);
        Assert.Equal(7, own[1].Value.NumberValue);
        Assert.Equal(Args, own[2].Value.ListValue.Values.Select(value => value.StringValue));
    }

    [Fact]
    public void Details_begin_with_what_every_resource_has()
    {
        Wire.Resource shown = new ResourceMapper(new SecretMask(Profile())).Map(Seen(before => before with { State = "Running", ExitCode = 3 }));
        Dictionary<string, string> known = shown.Properties.ToDictionary(property => property.Name, property => property.Value.StringValue);
        Assert.Equal("peer-0-abcdefgh", known["resource.name"]);
        Assert.Equal("peer-0", known["resource.displayName"]);
        Assert.Equal("Running", known["resource.state"]);
        Assert.Equal("Healthy", known["resource.healthState"]);
        Assert.Equal("3", known["resource.exitCode"]);
        Assert.Equal("Executable", known["resource.type"]);
    }

    [Theory]
    [InlineData("ChordAspire.AppHost", "ChordAspire")]
    [InlineData("ShopAppHost", "Shop")]
    [InlineData("AppHost", "AppHost")]
    [InlineData("Shop", "Shop")]
    public void An_application_is_called_what_its_AppHost_is_for(string name, string expected) => Assert.Equal(expected, ResourceService.ShownName(name));

    [Fact]
    public void Console_lines_are_cut_into_messages_that_the_dashboard_accepts()
    {
        string half = new('x', (ConsoleBatches.CharactersMax / 2) + 1);
        string tooLong = new('y', ConsoleBatches.CharactersMax + 1);
        LogLine[] lines = [new(1, half, false), new(2, half, true), new(3, "short", false), new(4, tooLong, false)];
        Wire.WatchResourceConsoleLogsUpdate[] messages = [.. ConsoleBatches.Of(lines)];
        Assert.Equal([[1], [2, 3], [4]], messages.Select(message => message.LogLines.Select(line => line.LineNumber).ToArray()));
        Assert.All(messages, message => Assert.True(message.CalculateSize() < 4 * 1024 * 1024));
        Assert.True(messages[1].LogLines[0].IsStdErr);
    }

    [Theory]
    [InlineData("""{"LogLevel":"Warning","Category":"Aspire.Dashboard.X","Message":"odd"}""", LogLevel.Warning, "Aspire.Dashboard.X: odd")]
    [InlineData("""{"LogLevel":"Warning","Category":"Microsoft.X","Message":"odd"}""", LogLevel.Debug, "Microsoft.X: odd")]
    [InlineData("""{"LogLevel":"Error","Category":"Microsoft.X","Message":"bad"}""", LogLevel.Error, "Microsoft.X: bad")]
    [InlineData("Login at http://localhost/login?t=1", LogLevel.Debug, "Login at http://localhost/login?t=1")]
    [InlineData("{}", LogLevel.Debug, "{}")]
    public void Of_what_the_dashboard_writes_only_its_own_warnings_and_errors_count(string line, LogLevel level, string text) =>
        Assert.Equal((level, text), DashboardLog.Parse(line));

    private static DashboardSettings Read(IConfiguration configuration) =>
        DashboardSettings.Read(configuration, new DistributedApplicationOptions(), new PortAllocator(configuration));

    private static ConfigurationManager Profile(params (string Key, string? Value)[] changes)
    {
        var configuration = new ConfigurationManager();
        configuration["ASPNETCORE_URLS"] = "http://localhost:15000";
        configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:19000";
        configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        foreach ((string key, string? value) in changes)
            configuration[key] = value;
        return configuration;
    }

    private static ResourceEvent Seen(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        new(
            new ExecutableResource("peer-0", "program", "."),
            "peer-0-abcdefgh",
            change(new CustomResourceSnapshot { ResourceType = "Executable", Properties = [] }));
}
