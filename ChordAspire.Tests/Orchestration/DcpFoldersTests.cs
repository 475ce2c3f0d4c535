using Aspire.Hosting.Dcp;

namespace ChordAspire.Tests.Orchestration;

public sealed class DcpFoldersTests
{
    [Fact]
    public void Nobody_else_may_look_into_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        using var folders = DcpFolders.Create(TimeProvider.System);
        string[] paths = [Path.GetDirectoryName(folders.Session)!, folders.Session, folders.StateStore];

        Assert.All(paths, path => Assert.Equal("rwx------", Describe(path)));
    }

    [Fact]
    public void They_are_gone_when_the_session_is()
    {
        var folders = DcpFolders.Create(TimeProvider.System);
        string root = Path.GetDirectoryName(folders.Session)!;

        folders.Dispose();

        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void A_state_store_that_others_may_read_is_refused_and_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        using var folders = DcpFolders.Create(TimeProvider.System);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folders.StateStore, File.GetUnixFileMode(folders.StateStore) | UnixFileMode.OtherRead);

        var refused = Assert.Throws<DcpException>(folders.RefuseOpenRights);

        Assert.Contains("Set TMPDIR", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(folders.StateStore)));
    }

    private static string Describe(string path)
    {
        string bits = OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 2).PadLeft(9, '0');
        return string.Concat(bits.Select((bit, place) => bit == '1' ? "rwx"[place % 3] : '-'));
    }
}
