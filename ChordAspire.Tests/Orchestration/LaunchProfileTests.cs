using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Running;

namespace ChordAspire.Tests.Orchestration;

public class LaunchProfileTests
{
    [Theory]
    [InlineData(null, null, "first")]
    [InlineData(null, "second", "second")]
    [InlineData(null, "unheard-of", "first")]
    [InlineData("second", "first", "second")]
    public void The_wanted_profile_goes_before_the_default_and_that_before_the_first(string? wanted, string? byDefault, string expected)
    {
        using TemporaryFolder folder = Project("""
            { // comments are allowed
              "profiles": {
                "server": { "commandName": "IISExpress" },
                "first": { "commandName": "Project", "environmentVariables": { "A": "1" } },
                "second": { "commandName": "Project" },
              }
            }
            """);
        Assert.Equal(expected, LaunchProfiles.Find(folder.Path, wanted, byDefault)!.Value.Name);
    }

    [Fact]
    public void A_wanted_profile_that_is_not_there_is_named()
    {
        using TemporaryFolder folder = Project("""{ "profiles": {} }""");
        var refusal = Assert.Throws<DistributedApplicationException>(() => LaunchProfiles.Find(folder.Path, "https", null));
        Assert.Contains("'https'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_there_is_no_profile()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(LaunchProfiles.Find(folder.Path, wanted: null, byDefault: null));
    }

    [Theory]
    [InlineData("--a 1 --b", new[] { "--a", "1", "--b" })]
    [InlineData("  --a   \"two words\" ", new[] { "--a", "two words" })]
    [InlineData("\"\"", new[] { "" })]
    [InlineData("", new string[0])]
    public void A_command_line_is_split_at_spaces_outside_quotes(string line, string[] expected) =>
        Assert.Equal(expected, LaunchProfiles.Split(line));

    [Fact]
    public async Task A_resource_runs_with_the_urls_the_arguments_and_the_environment_of_its_profile()
    {
        using TemporaryFolder folder = Project("""
            {
              "profiles": {
                "local": {
                  "commandName": "Project",
                  "commandLineArgs": "--a \"two words\"",
                  "applicationUrl": "http://localhost:5005;http://localhost:5006",
                  "environmentVariables": { "A": "the profile's", "B": "the profile's" }
                }
              }
            }
            """);
        string built = folder.Write("api.dll", "");
        string project = folder.Write("api.csproj", $"<Project><PropertyGroup><TargetPath>{built}</TargetPath></PropertyGroup></Project>");
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        ProjectResource api = builder.AddProject("api", project)
            .WithEndpoint("http", static endpoint => endpoint.IsProxied = false)
            .WithEndpoint("http2", static endpoint => endpoint.IsProxied = false)
            .WithEnvironment("B", "the AppHost's").Resource;
        await using DistributedApplication application = builder.BuildKnown();
        application.Allocate();

        DcpExecutableSpec spec = await application.SpecOfAsync(api);

        Assert.Equal([built, "--a", "two words"], spec.Args);
        Assert.Equal(["http 5005", "http2 5006"], api.Annotations.OfType<EndpointAnnotation>().Select(endpoint => $"{endpoint.Name} {endpoint.Port}"));
        Dictionary<string, string?> environment = spec.Env!.ToDictionary(variable => variable.Name, variable => variable.Value);
        Assert.Equal("local", environment["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal(("the profile's", "the AppHost's"), (environment["A"], environment["B"]));
        Assert.Equal("http://localhost:5005;http://localhost:5006", environment["ASPNETCORE_URLS"]);
    }

    private static TemporaryFolder Project(string settings)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "Properties"));
        File.WriteAllText(Path.Combine(folder.Path, "Properties", "launchSettings.json"), settings);
        return folder;
    }
}
