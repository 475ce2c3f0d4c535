namespace ChordAspire.Cli.Shell;

/// <summary>Lines that were typed before, the last ones also in earlier shells: kept in a file, where there is a place for one.</summary>
internal sealed class LineHistory
{
    private const int Kept = 500;

    private readonly string? _file;
    private readonly List<string> _lines = [];
    private int _at;
    private string _typed = "";

    /// <param name="file">Null: for this shell alone.</param>
    public LineHistory(string? file)
    {
        _file = file;
        try
        {
            if (file is not null && File.Exists(file))
                _lines.AddRange(File.ReadLines(file).TakeLast(Kept));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // A shell without its history is a shell still.
        }
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
            Keep();
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

    private void Keep()
    {
        if (_file is null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            // Keys and texts may be nobody else's business.
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var writer = new StreamWriter(_file, options);
            foreach (string line in _lines)
                writer.WriteLine(line);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // The same.
        }
    }
}
