using System.Net.Sockets;
using Aspire.Hosting.Backchannel;

namespace ChordAspire.Tests.Orchestration.Backchannel;

public sealed class BackchannelFolderTests : IDisposable
{
    private const string Id = "LQaABTjTlMI";

    /// <summary>Larger than any process id can be.</summary>
    private const int Nobody = 1 << 23;

    private readonly TemporaryFolder _home = new();
    private readonly BackchannelFolder _folder;

    public BackchannelFolderTests() => _folder = new BackchannelFolder(_home.Path);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Nobody_else_may_enter()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        _folder.Prepare();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode());
    }

    [Fact]
    public void A_folder_that_others_may_enter_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        Directory.CreateDirectory(_folder.Path);
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);

        _folder.Prepare();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode());
    }

    [Fact]
    public void What_a_killed_run_left_is_removed()
    {
        string stale = Place(SocketName.New(Id, Nobody));

        _folder.RemoveStale(Id);

        Assert.False(File.Exists(stale));
    }

    [Fact]
    public void What_is_alive_or_not_ours_stays()
    {
        string[] others =
        [
            Place(SocketName.New(Id, Environment.ProcessId)),
            Place(SocketName.New("0000000000A", Nobody)),
            Place(Id),
            Place($"{Id}abcdefgh.{Nobody}.bak"),
        ];

        _folder.RemoveStale(Id);

        Assert.All(others, file => Assert.True(File.Exists(file), file));
    }

    [Fact]
    public void A_socket_that_answers_stays_whatever_its_process_id_says()
    {
        _folder.Prepare();
        string path = Path.Combine(_folder.Path, SocketName.New(Id, Nobody));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();

        _folder.RemoveStale(Id);

        Assert.True(File.Exists(path));
    }

    private string Place(string name) => _home.Write(Path.GetRelativePath(_home.Path, Path.Combine(_folder.Path, name)), "");

    private UnixFileMode Mode() => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_folder.Path);

    private void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, mode);
    }
}
