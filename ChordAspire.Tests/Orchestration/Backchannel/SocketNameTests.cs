using Aspire.Hosting.Backchannel;

namespace ChordAspire.Tests.Orchestration.Backchannel;

public sealed class SocketNameTests
{
    /// <summary>The published XXH3 (64 bits) of nothing is 2d06800538d394c2.</summary>
    [Fact]
    public void The_first_part_is_the_hash_of_the_path() => Assert.Equal("LQaABTjTlMI", SocketName.AppHostId(""));

    [Fact]
    public void A_name_says_which_process_listens()
    {
        string id = SocketName.AppHostId("/src/App.csproj");
        string name = SocketName.New(id, 4711);

        Assert.Matches(@"^[A-Za-z0-9_-]{19}\.4711$", name);
        Assert.Equal(4711, SocketName.ProcessIdOf(name, id));
        Assert.NotEqual(name, SocketName.New(id, 4711));
    }

    [Theory]
    [InlineData("LQaABTjTlMIabcdefgh.")]
    [InlineData("LQaABTjTlMIabcdefgh.-1")]
    [InlineData("LQaABTjTlMIabcdefgh.12.bak")]
    [InlineData("LQaABTjTlMIabcdefghi.12")]
    [InlineData("LQaABTjTlMJabcdefgh.12")]
    [InlineData("LQaABTjTlMI")]
    [InlineData("")]
    public void Other_files_are_nobodys(string file) => Assert.Null(SocketName.ProcessIdOf(file, SocketName.AppHostId("")));

    [Fact]
    public void Two_ways_to_a_project_have_one_name()
    {
        using var folder = new TemporaryFolder();
        string project = folder.Write("real/inner/App.csproj", "");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link"), "real");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link2"), Path.Combine(folder.Path, "link", "inner"));

        Assert.Equal(RealPath.Of(project), RealPath.Of(Path.Combine(folder.Path, "link2", "App.csproj")));
    }

    [Fact]
    public void A_link_to_itself_ends_somewhere()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Path, "loop"), Path.Combine(folder.Path, "loop"));

        Assert.EndsWith("App.csproj", RealPath.Of(Path.Combine(folder.Path, "loop", "App.csproj")), StringComparison.Ordinal);
    }
}
