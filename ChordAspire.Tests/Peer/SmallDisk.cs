using System.Diagnostics;

namespace ChordAspire.Tests.Peer;

/// <summary>
/// A folder on a small file system of its own, in memory; unmounted in all cases, at the latest with the test process. Where the machine does not let the tests
/// mount one, an ordinary folder, and a quota in its place.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _place;
    private bool _isMounted;

    private SmallDisk(string place, bool isMounted)
    {
        (_place, _isMounted) = (place, isMounted);
        AppDomain.CurrentDomain.ProcessExit += Unmount;
    }

    /// <summary>For the peer.</summary>
    public string Folder => Path.Combine(_place, "peer");

    /// <summary>Whether it is a file system, and not a quota.</summary>
    public bool IsReal => _isMounted;

    public static SmallDisk Create(int mebibytes)
    {
        string place = DataFolders.New();
        Directory.CreateDirectory(place);
        bool isMounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0700", "tmpfs", place);
        return new SmallDisk(place, isMounted);
    }

    /// <summary>What a peer has to be told to be as small as the disk, with so many bytes to be left free.</summary>
    public (string Name, string Value)[] Settings(int mebibytes, long floor) => IsReal
        ? [("Storage__Directory", Folder), ("Storage__FreeSpaceFloorBytes", $"{floor}")]
        : [("Storage__Directory", Folder), ("Storage__FreeSpaceFloorBytes", "0"), ("Storage__QuotaBytes", $"{((long)mebibytes << 20) - floor}")];

    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Unmount;
        Unmount(this, EventArgs.Empty);
        DataFolders.Delete(_place);
        return ValueTask.CompletedTask;
    }

    private void Unmount(object? sender, EventArgs e)
    {
        if (!_isMounted)
            return;
        // Lazily where somebody has a file open yet: it is gone from its place at once, and for good with its last user.
        if (!Run("umount", _place))
            Run("umount", "--lazy", _place);
        _isMounted = false;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
