using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Time.Testing;

namespace ChordAspire.Tests.Orchestration;

public sealed class DcpFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
    public void What_a_dead_host_left_is_swept_when_its_DCP_had_time_to_clean_up()
    {
        string left = Path.GetDirectoryName(_folder.Write("chord-aspire-dcp-dead/owner.lock", ""))!;
        var time = new FakeTimeProvider(Directory.GetLastWriteTimeUtc(left));

        DcpFolders.SweepAbandoned(_folder.Path, time);
        Assert.True(Directory.Exists(left));

        time.Advance(TimeSpan.FromMinutes(3));
        DcpFolders.SweepAbandoned(_folder.Path, time);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void What_a_living_host_uses_stays()
    {
        string used = _folder.Write("chord-aspire-dcp-alive/owner.lock", "");
        using var owner = new FileStream(used, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var time = new FakeTimeProvider(File.GetLastWriteTimeUtc(used).AddDays(1));

        DcpFolders.SweepAbandoned(_folder.Path, time);

        Assert.True(File.Exists(used));
    }

    private static string Describe(string path)
    {
        string bits = OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 2).PadLeft(9, '0');
        return string.Concat(bits.Select((bit, place) => bit == '1' ? "rwx"[place % 3] : '-'));
    }
}
