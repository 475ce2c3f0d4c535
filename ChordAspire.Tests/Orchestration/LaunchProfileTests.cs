using Aspire.Hosting;
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

    private static TemporaryFolder Project(string settings)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "Properties"));
        File.WriteAllText(Path.Combine(folder.Path, "Properties", "launchSettings.json"), settings);
        return folder;
    }
}
