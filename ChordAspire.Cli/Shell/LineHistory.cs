using System.Text;

namespace ChordAspire.Cli.Shell;

/// <summary>Lines that were typed before, the last ones also in earlier shells: kept in a file that all shells write to, where there is a place for one.</summary>
internal sealed class LineHistory
{
    private const int Kept = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string? _file;
    private readonly List<string> _lines = [];
    private int _at;
    private string _typed = "";

    /// <param name="file">Null: for this shell alone.</param>
    public LineHistory(string? file)
    {
        _file = file;
        if (file is not null && File.Exists(file))
            Alone(file, kept => _lines.AddRange(LinesOf(kept)));
        _at = _lines.Count;
    }

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Below <c>XDG_STATE_HOME</c>, or where that usually is; null where there is no home.</summary>
    public static string? UsualFile
    {
        get
        {
            string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (string.IsNullOrEmpty(state))
            {
                string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
                if (home.Length == 0)
                    return null;
                state = Path.Combine(home, ".local", "state");
            }
            return Path.Combine(state, "chord", "history");
        }
    }

    public void Add(string line)
    {
        if (line.Trim().Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);
            if (_lines.Count > Kept)
                _lines.RemoveAt(0);
            Keep(line);
        }
        _at = _lines.Count;
    }

    /// <summary>The line before; null where there is none.</summary>
    /// <param name="current">What stands there now.</param>
    public string? Back(string current)
    {
        if (_at == 0)
            return null;
        if (_at == _lines.Count)
            _typed = current;
        return _lines[--_at];
    }

    /// <summary>The line behind, at the end what was being typed; null where there is none.</summary>
    public string? On()
    {
        if (_at == _lines.Count)
            return null;
        return ++_at == _lines.Count ? _typed : _lines[_at];
    }

    /// <summary>Behind what others have kept meanwhile.</summary>
    private void Keep(string line)
    {
        if (_file is null)
            return;
        Alone(_file, kept =>
        {
            string lines = string.Concat(LinesOf(kept).Append(line).TakeLast(Kept).Select(each => $"{each}\n"));
            kept.Position = 0;
            kept.Write(Encoding.UTF8.GetBytes(lines));
            kept.SetLength(kept.Position);
        });
    }

    private static List<string> LinesOf(FileStream kept)
    {
        kept.Position = 0;
        var lines = new List<string>();
        using var reader = new StreamReader(kept, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return [.. lines.TakeLast(Kept)];
    }

    /// <summary>Does something with the file while no other shell does.</summary>
    private static void Alone(string file, Action<FileStream> act)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            // Keys and texts may be nobody else's business.
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using FileStream kept = Open(file, options);
            act(kept);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            // A shell without its history is a shell still.
        }
    }

    /// <summary>Another shell holds the file for a moment only.</summary>
    private static FileStream Open(string file, FileStreamOptions options)
    {
        long begun = TimeProvider.System.GetTimestamp();
        var wait = new SpinWait();
        while (true)
        {
            try
            {
                return new FileStream(file, options);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(begun) < Patience && File.Exists(file))
            {
                wait.SpinOnce();
            }
        }
    }
}
