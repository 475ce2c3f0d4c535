namespace ChordAspire.Cli;

/// <summary>A file that is there as a whole or not at all: written beside its place, and moved there at the end.</summary>
internal sealed class WholeFile : IDisposable
{
    private static readonly string[] SystemFolders = ["/dev/", "/proc/", "/sys/"];

    private readonly string _place;
    private readonly string _beside;
    private readonly FileStream _content;

    /// <param name="file">Its place.</param>
    /// <param name="option">The option that names it, for messages.</param>
    /// <exception cref="IOException">The folder is missing, or something that is no file stands in the place.</exception>
    public WholeFile(string file, string option = "--output")
    {
        if (Directory.Exists(file))
            throw new IOException($"'{file}' is a folder; {option} takes a file.");
        ThrowIfSystems(file, Path.GetFullPath(file), option);
        // Through a link the file it points to is written, as others do.
        _place = File.Exists(file) && File.ResolveLinkTarget(file, returnFinalTarget: true) is { } target ? target.FullName : Path.GetFullPath(file);
        ThrowIfSystems(file, _place, option);
        string folder = Path.GetDirectoryName(_place)!;
        if (!Directory.Exists(folder))
            throw new IOException($"there is no folder '{folder}' to write '{Path.GetFileName(file)}' to.");
        _beside = Path.Combine(folder, $".{Path.GetRandomFileName()}.part");
        _content = new FileStream(_beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous });
    }

    /// <summary>To be written to.</summary>
    public Stream Content => _content;

    /// <summary>All is written: it takes its place.</summary>
    public void Keep()
    {
        _content.Dispose();
        if (!OperatingSystem.IsWindows() && File.Exists(_place))
            File.SetUnixFileMode(_beside, File.GetUnixFileMode(_place));
        File.Move(_beside, _place, overwrite: true);
    }

    /// <summary>Whoever may do everything would put a file in the place of a device.</summary>
    private static void ThrowIfSystems(string file, string place, string option)
    {
        bool isSystems = !OperatingSystem.IsWindows()
            && SystemFolders.Any(folder => place.StartsWith(folder, StringComparison.Ordinal)) && !place.StartsWith("/dev/shm/", StringComparison.Ordinal);
        if (isSystems)
            throw new IOException($"'{file}' is no plain file, and cannot be replaced by one; leave out {option}{(option == "--output" ? ", and redirect standard output instead" : "")}.");
    }

    /// <summary>Nothing is left beside the place.</summary>
    public void Dispose()
    {
        _content.Dispose();
        File.Delete(_beside);
    }
}
