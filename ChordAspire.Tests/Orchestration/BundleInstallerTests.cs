using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Bundle;

namespace ChordAspire.Tests.Orchestration;

/// <summary>The whole way from npm to the unpacked folder, with a stand-in for npm that hands out a package of a few kilobytes.</summary>
public sealed class BundleInstallerTests : IDisposable
{
    private static readonly PlatformPackage Package = new("linux-x64", "");

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _said = new();
    private readonly BundleStore _store;

    public BundleInstallerTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");
        _store = new BundleStore(Path.Combine(_folder.Path, ".aspire"), Package);
        NpmHandsOut(Archives.GoodPackage());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Calls => Path.Combine(_folder.Path, "calls");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tools_are_unpacked_and_nothing_else_stays()
    {
        AspireBundle bundle = await InstallAsync();

        Assert.Equal(Path.Combine(_store.Folder, "dcp", "dcp"), bundle.DcpPath);
        Assert.True(File.Exists(bundle.DashboardPath));
        Assert.False(File.Exists(Path.Combine(_store.Folder, "dcp", "dcptun_c")));
        Assert.Equal([_store.Folder], Directory.GetDirectories(_store.Root));
    }

    [Fact]
    public async Task The_tool_itself_is_kept_whole()
    {
        byte[] program = Archives.Program(Archives.GoodTools);
        NpmHandsOut(Archives.Package(program));

        await InstallAsync();

        string tool = Path.Combine(_store.Folder, "bin", "aspire");
        Assert.Equal(program, await File.ReadAllBytesAsync(tool, Cancelled));
        Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(tool) & UnixFileMode.UserExecute) != 0);
    }

    [Fact]
    public async Task A_folder_without_the_tool_serves_as_well()
    {
        await InstallAsync();
        File.Delete(Path.Combine(_store.Folder, "bin", "aspire"));

        Assert.NotNull(_store.FindComplete());
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again()
    {
        AspireBundle first = await InstallAsync();
        AspireBundle second = await InstallAsync();

        Assert.Equal(first, second);
        Assert.Single(await File.ReadAllLinesAsync(Calls, Cancelled));
    }

    [Fact]
    public async Task Several_at_once_fetch_once()
    {
        AspireBundle[] bundles = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(InstallAsync, Cancelled)));

        Assert.Single(bundles.Distinct());
        Assert.Single(await File.ReadAllLinesAsync(Calls, Cancelled));
        Assert.Contains(_said, line => line.StartsWith($"Waiting for process {Environment.ProcessId}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_was_never_finished_is_replaced()
    {
        Directory.CreateDirectory(Path.Combine(_store.Folder, "dcp"));
        Directory.CreateDirectory(Path.Combine(_store.Root, "fetching-left-by-a-crash", "download"));

        await InstallAsync();

        Assert.Null(_store.DescribeDamage());
        Assert.Equal([_store.Folder], Directory.GetDirectories(_store.Root));
    }

    [Fact]
    public async Task A_file_that_was_cut_short_is_noticed()
    {
        AspireBundle bundle = await InstallAsync();
        await File.WriteAllTextAsync(bundle.DashboardPath, "cut", Cancelled);

        Assert.Null(_store.FindComplete());
        Assert.Equal("managed/aspire-managed has 3 bytes instead of 9", _store.DescribeDamage());
    }

    [Fact]
    public async Task Lost_permission_to_run_is_given_back()
    {
        AspireBundle bundle = await InstallAsync();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bundle.DcpPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.NotNull(_store.FindComplete());
        Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(bundle.DcpPath) & UnixFileMode.UserExecute) != 0);
    }

    [Fact]
    public async Task Without_npm_the_way_out_is_named()
    {
        File.Delete(Path.Combine(_folder.Path, "bin", "npm"));

        var refused = await Assert.ThrowsAsync<BundleException>(InstallAsync);

        Assert.Contains("Node.js with npm is needed once", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ASPIRE_DASHBOARD_PATH", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_said);
    }

    [Theory]
    [InlineData("npm error code ECONNREFUSED", "Check the network")]
    [InlineData("npm error code E404", "has no @microsoft/aspire-cli-linux-x64@13.5.4")]
    [InlineData("npm error code ENOSPC", "disk is full")]
    public async Task What_npm_says_is_passed_on_with_advice(string words, string advice)
    {
        _folder.WriteScript("bin/npm", $"echo '{words}' >&2\necho 'npm error     at stack (frame)' >&2\nexit 1");

        var refused = await Assert.ThrowsAsync<BundleException>(InstallAsync);

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("stack", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_store.Root));
    }

    [Fact]
    public async Task A_disk_that_gets_full_is_told_with_what_is_needed_and_nothing_half_stays()
    {
        var refused = await Assert.ThrowsAsync<BundleException>(() => Installer(async (_, folder, cancelled) =>
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "half"), "half a tool", cancelled);
            await File.WriteAllTextAsync("/dev/full", "the other half", cancelled);
        }).InstallAsync(Cancelled));

        Assert.Contains($"The disk is full: Aspire's tools could not be unpacked into {_store.Root}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("600 MB", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_store.Root));
    }

    public static TheoryData<string, byte[]> WrongPackages() => new()
    {
        { "there is no package/bin/aspire", Archives.Gzip(Archives.Tar(("package/README.md", "empty"))) },
        { "there is no dcp/dcp", Archives.Package((Archives.Dashboard, "dashboard"), (Archives.Page, "<html>")) },
        { "there is no managed/aspire-managed", Archives.Package((Archives.Dcp, "dcp"), (Archives.Page, "<html>")) },
        { "there is no managed/wwwroot", Archives.Package((Archives.Dcp, "dcp"), (Archives.Dashboard, "dashboard")) },
        { "does not run", Archives.Package((Archives.Dcp, Archives.DcpThatDoesNot), (Archives.Dashboard, "dashboard"), (Archives.Page, "<html>")) },
        { "it is damaged", Archives.GoodPackage()[..^900] },
        { "it is damaged", [1, 2, 3, 4] },
    };

    [Theory]
    [MemberData(nameof(WrongPackages))]
    public async Task A_package_with_other_content_is_refused_and_removed(string reason, byte[] package)
    {
        NpmHandsOut(package);

        var refused = await Assert.ThrowsAsync<BundleException>(InstallAsync);

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_store.Root));
    }

    [Fact]
    public async Task Giving_up_ends_npm_and_leaves_nothing()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        string started = Path.Combine(_folder.Path, "started");
        using (Process pipe = Process.Start("mkfifo", [started]))
            await pipe.WaitForExitAsync(Cancelled);
        _folder.WriteScript("bin/npm", $"echo $$ > '{started}'\nexec sleep 600");

        Task<AspireBundle> install = InstallUntilAsync(giveUp.Token);
        int npm = int.Parse(await File.ReadAllTextAsync(started, Cancelled), CultureInfo.InvariantCulture);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => install);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(npm));
        Assert.Empty(Directory.GetDirectories(_store.Root));
    }

    private void NpmHandsOut(byte[] package)
    {
        string source = Path.Combine(_folder.Path, "package.tgz");
        File.WriteAllBytes(source, package);
        _folder.WriteScript("bin/npm", $"echo \"$@\" >> '{Calls}'\ncp '{source}' ./aspire.tgz");
    }

    private Task<AspireBundle> InstallAsync() => InstallUntilAsync(Cancelled);

    private Task<AspireBundle> InstallUntilAsync(CancellationToken cancellationToken) => Installer(unpack: null).InstallAsync(cancellationToken);

    private BundleInstaller Installer(Func<string, string, CancellationToken, Task>? unpack)
    {
        var npm = new NpmClient(TimeProvider.System, Path.Combine(_folder.Path, "bin"));
        return new BundleInstaller(_store, Package, npm, _said.Enqueue, TimeProvider.System, unpack);
    }
}
