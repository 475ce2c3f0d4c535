using System.Formats.Tar;
using Aspire.Hosting.Bundle;

namespace ChordAspire.Tests.Orchestration;

public sealed class TarUnpackerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_wanted_files_are_written()
    {
        await UnpackAsync(Archives.Tar(("x/dcp/dcp", "one"), ("x/other/file", "two"), ("x/dcp/dcptun_c", "three")), AspireCliPackage.PlaceOf);

        string only = Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
        Assert.Equal(Path.Combine(_folder.Path, "dcp", "dcp"), only);
        Assert.Equal("one", await File.ReadAllTextAsync(only, Cancelled));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("dcp/../../outside")]
    [InlineData("/outside")]
    [InlineData("dcp/../..")]
    public async Task A_file_that_wants_to_lie_outside_is_refused(string name)
    {
        var refused = await Assert.ThrowsAsync<BundleException>(() => UnpackAsync(Archives.Tar((name, "harm")), entry => entry));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Links_are_not_unpacked()
    {
        var link = new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "/etc/passwd" };

        await UnpackAsync(Archives.Tar([link]), name => name);

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Permission_to_run_is_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permission.");
        var program = new PaxTarEntry(TarEntryType.RegularFile, "run") { Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute };

        await UnpackAsync(Archives.Tar([program]), name => name);

        Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(Path.Combine(_folder.Path, "run")) & UnixFileMode.UserExecute) != 0);
    }

    private Task UnpackAsync(byte[] tar, Func<string, string?> place) =>
        TarUnpacker.UnpackAsync(new MemoryStream(tar), _folder.Path, place, Cancelled);
}
