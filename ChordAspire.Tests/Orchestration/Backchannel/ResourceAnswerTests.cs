using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Backchannel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;

namespace ChordAspire.Tests.Orchestration.Backchannel;

/// <summary>What is told of a resource, and what is not.</summary>
public sealed class ResourceAnswerTests
{
    private const string Key = "0123456789abcdef";

    [Theory]
    [InlineData("AppHost:OtlpApiKey")]
    [InlineData("AppHost:DashboardApiKey")]
    [InlineData("AppHost:BrowserToken")]
    [InlineData("AppHost:ResourceService:ApiKey")]
    public void No_key_of_this_run_is_told(string name)
    {
        ResourceAnswer told = Describe(name, snapshot => snapshot with
        {
            EnvironmentVariables = [new EnvironmentVariableSnapshot("HEADERS", $"x-key={Key}", IsFromSpec: true)],
            Properties =
            [
                new ResourcePropertySnapshot("executable.args", ImmutableArray.Create("--key", Key)),
                new ResourcePropertySnapshot("note", $"it is {Key}"),
            ],
        });

        Assert.Equal("x-key=*****", Assert.Single(told.EnvironmentVariables).Value);
        Assert.Equal("""["--key","*****"]""", told.Properties["executable.args"]!.ToJsonString());
        Assert.Equal("it is *****", (string?)told.Properties["note"]);
    }

    [Fact]
    public void What_is_sensitive_is_named_without_its_value()
    {
        ResourceAnswer told = Describe(snapshot => snapshot with
        {
            Properties = [new ResourcePropertySnapshot("password", "secret") { IsSensitive = true }],
        });

        Assert.True(told.Properties.TryGetValue("password", out var value));
        Assert.Null(value);
    }

    [Fact]
    public void A_link_that_nobody_answers_is_not_told()
    {
        ResourceAnswer told = Describe(snapshot => snapshot with
        {
            Urls =
            [
                new UrlSnapshot("grpc", "http://localhost:1", IsInternal: false) { IsInactive = true },
                new UrlSnapshot(null, "http://localhost:2", IsInternal: true) { DisplayProperties = new("two", 2) },
            ],
        });

        UrlAnswer url = Assert.Single(told.Urls);
        Assert.Equal(new UrlAnswer("default", "http://localhost:2", true, new UrlDisplayAnswer("two", 2)), url);
    }

    [Fact]
    public void Values_keep_their_kind_for_a_tool_that_takes_them_and_are_text_for_an_older_one()
    {
        CustomResourceSnapshot WithValues(CustomResourceSnapshot snapshot) => snapshot with
        {
            Properties =
            [
                new("list", ImmutableArray.Create("a", "b")), new("pid", 7), new("long", 8L), new("ratio", 0.5), new("on", true), new("none", null),
            ],
        };

        Assert.Equal("""["a","b"] 7 8 0.5 true """, Written(Describe(WithValues)));
        Assert.Equal("\"a,b\" \"7\" \"8\" \"0.5\" \"True\" ", Written(Describe(WithValues, plain: true)));

        static string Written(ResourceAnswer told) => string.Join(' ', told.Properties.Values.Select(value => value?.ToJsonString()));
    }

    [Fact]
    public void State_health_and_commands_are_told()
    {
        ResourceAnswer told = Describe(snapshot => snapshot with
        {
            State = new ResourceStateSnapshot("Running", "success"),
            Commands = [new("kill", ResourceCommandState.Disabled, "Kill", "at once", null, null, null, null, IsHighlighted: true)],
        });

        Assert.Equal(("peer-0", "Running", "success", "Healthy"), (told.DisplayName, told.State, told.StateStyle, told.HealthStatus));
        CommandAnswer command = Assert.Single(told.Commands);
        Assert.Equal(("kill", "Kill", "at once", "Disabled"), (command.Name, command.DisplayName, command.Description, command.State));
    }

    private static ResourceAnswer Describe(Func<CustomResourceSnapshot, CustomResourceSnapshot> change, bool plain = false) =>
        Describe("AppHost:BrowserToken", change, plain);

    private static ResourceAnswer Describe(string keyName, Func<CustomResourceSnapshot, CustomResourceSnapshot> change, bool plain = false)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new(keyName, Key)]).Build();
        var resource = new ExecutableResource("peer-0", "program", ".");
        var snapshot = new CustomResourceSnapshot { ResourceType = "Executable", Properties = [] };
        return new ResourceDescriber(new SecretMask(configuration)).Describe(new ResourceEvent(resource, "peer-0-abc", change(snapshot)), plain);
    }
}
