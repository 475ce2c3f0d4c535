using System.Net.Sockets;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Time.Testing;

namespace ChordAspire.Tests.Orchestration;

public sealed class DcpLeftoversTests : IDisposable
{
    private const string Nobody = "";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_dead_host_left_is_swept_at_once_when_no_process_uses_it()
    {
        string left = Abandoned();

        Sweep(running: $"dcp\0--kubeconfig\0{left}/session/kubeconfig");
        Assert.True(Directory.Exists(left));

        Sweep(running: Nobody);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void Where_processes_cannot_be_listed_its_DCP_is_given_time_to_clean_up()
    {
        string left = Abandoned();

        Sweep(running: null, TimeSpan.FromMinutes(1));
        Assert.True(Directory.Exists(left));

        Sweep(running: null, TimeSpan.FromMinutes(3));
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void What_a_living_host_uses_stays()
    {
        string used = _folder.Write("chord-aspire-dcp-alive/owner.lock", "");
        using var owner = new FileStream(used, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Sweep(running: Nobody, TimeSpan.FromDays(1));

        Assert.True(File.Exists(used));
    }

    [Fact]
    public void A_folder_that_is_just_being_made_stays()
    {
        string young = Directory.CreateDirectory(Path.Combine(_folder.Path, "chord-aspire-dcp-young")).FullName;

        Sweep(running: Nobody, TimeSpan.FromSeconds(1));
        Assert.True(Directory.Exists(young));

        Sweep(running: Nobody, TimeSpan.FromMinutes(1));
        Assert.False(Directory.Exists(young));
    }

    [Fact]
    public void A_socket_that_nobody_hears_goes_and_others_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "They are Unix sockets.");
        string dead = PathOf("dcp-notify-sock-dead"), heard = PathOf("dcp-notify-sock-heard"), other = PathOf("other-sock");
        using Socket living = Bind(heard);
        living.Listen();
        foreach (string path in (string[])[dead, other])
            Bind(path).SafeHandle.Dispose();

        DcpLeftovers.SweepSockets(_folder.Path, Nobody, After(TimeSpan.FromMinutes(1)));

        Assert.Equal([heard, other], new[] { dead, heard, other }.Where(File.Exists));
    }

    private static Socket Bind(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private string Abandoned() => Path.GetDirectoryName(_folder.Write("chord-aspire-dcp-dead/owner.lock", ""))!;

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private void Sweep(string? running, TimeSpan age = default) => DcpLeftovers.SweepFolders(_folder.Path, running, After(age));

    private static FakeTimeProvider After(TimeSpan age) => new(TimeProvider.System.GetUtcNow() + age);
}
