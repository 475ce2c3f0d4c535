using System.Text.RegularExpressions;

namespace ChordAspire.Tests.ArchitectureRules;

/// <summary>Rules about the text of the sources.</summary>
public sealed partial class SourceTests(ITestOutputHelper output)
{
    private const int LinesWanted = 250;
    private const int LinesMax = 300;

    /// <summary>This file names what it looks for.</summary>
    private const string ThisFile = "ChordAspire.Tests/Architecture/SourceTests.cs";

    [Fact]
    public void No_source_file_is_long()
    {
        Dictionary<string, int> longest = Repository.Sources
            .ToDictionary(file => file, file => Repository.Read(file).Count(character => character == '\n'))
            .Where(pair => pair.Value > LinesWanted)
            .ToDictionary();
        foreach ((string file, int lines) in longest.OrderByDescending(pair => pair.Value))
            output.WriteLine($"{file}: {lines} lines, wanted {LinesWanted} at the most");
        Assert.All(longest, pair => Assert.True(pair.Value <= LinesMax, $"{pair.Key} has {pair.Value} lines: that is two ideas."));
    }

    /// <summary>The seed peer stands for another program: it has no room of ours under it.</summary>
    [Fact]
    public void Only_the_Rpc_room_sees_RpcException() =>
        AssertNowhere(Repository.Sources.Where(file => Repository.RoomOf(file) is not ("Rpc" or "SeedPeer" or "Tests")), RpcExceptions());

    [Fact]
    public void No_file_names_a_folder_of_somebodys_machine() =>
        AssertNowhere(Repository.TextFiles, new Regex($@"(^|[^\w.])(/home/\w|/root/|/Users/\w|[A-Za-z]:\\Users\\|{Regex.Escape(Repository.Root + "/")})"));

    [Fact]
    public void No_file_names_the_address_of_a_package_registry() => AssertNowhere(Repository.TextFiles, Registries());

    [Fact]
    public void Namespaces_are_file_scoped() => AssertNowhere(Repository.Sources, BlockNamespaces());

    [Fact]
    public void There_are_no_regions() => AssertNowhere(Repository.Sources, Regions());

    private static void AssertNowhere(IEnumerable<string> files, Regex banned)
    {
        string[] found = [.. files
            .Where(file => file != ThisFile)
            .SelectMany(file => Repository.Read(file).Split('\n').Select((line, index) => (file, line, number: index + 1)))
            .Where(place => banned.IsMatch(place.line))
            .Select(place => $"{place.file}:{place.number}: {place.line.Trim()}")];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [GeneratedRegex(@"\bRpcException\b")]
    private static partial Regex RpcExceptions();

    [GeneratedRegex(@"https?://[^\s""'<>]*(nuget|registry\.|/v3/index\.json|npmjs|pypi\.|artifactory)", RegexOptions.IgnoreCase)]
    private static partial Regex Registries();

    [GeneratedRegex(@"^\s*namespace [\w.]+\s*(\{|$)")]
    private static partial Regex BlockNamespaces();

    [GeneratedRegex(@"^\s*#(end)?region\b")]
    private static partial Regex Regions();
}
