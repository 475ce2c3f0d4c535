using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Cli;

/// <summary>The built tool, or a shell that calls it, on a terminal of its own, which <c>script</c> of util-linux provides: keys go in, and what would be on the screen comes out.</summary>
internal sealed class PtyRun : IAsyncDisposable
{
    public const string Backspace = "\u007f";
    public const string CtrlC = "\u0003";
    public const string CtrlD = "\u0004";
    public const string Enter = "\r";
    public const string Tab = "\t";
    public const string Up = "\u001b[A";

    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("chord-").FullName;
    private readonly Task _reading;

    private PtyRun(string command, (string Name, string? Value)[] environment)
    {
        var info = new ProcessStartInfo("script") { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false) };
        // Tests that were started in the background ignore Ctrl+C, and what they start would too.
        foreach (string argument in (string[])["--quiet", "--return", "--flush", "--command", $"stty cols 120 rows 40; exec env --default-signal=INT {command}", "/dev/null"])
            info.ArgumentList.Add(argument);
        (string, string?)[] usual = [("TERM", "xterm-256color"), ("XDG_STATE_HOME", _folder), ("SHELL", "/bin/sh"), ("CHORD_PEER", null), ("NO_COLOR", null), ("CI", null), ("GITHUB_ACTIONS", null)];
        foreach ((string name, string? value) in (IEnumerable<(string, string?)>)[.. usual, .. environment])
        {
            if (value is null)
                info.Environment.Remove(name);
            else
                info.Environment[name] = value;
        }
        _process = Process.Start(info)!;
        _reading = ReadAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>All that was written so far, with the terminal's own codes in it.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
                return _screen.ToString();
        }
    }

    /// <summary>The one child of <c>script</c>.</summary>
    public int ToolProcessId => int.Parse(File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children"), CultureInfo.InvariantCulture);

    /// <summary>How the built tool is called, in words that a shell understands.</summary>
    public static string Tool => $"dotnet '{Path.Combine(AppContext.BaseDirectory, "ChordAspire.Cli.dll")}'";

    public static PtyRun Start(string[] args, params (string Name, string? Value)[] environment) => StartCommand($"{Tool} {string.Join(' ', args)}", environment);

    /// <summary>Another program than the tool, which may call it.</summary>
    public static PtyRun StartCommand(string command, params (string Name, string? Value)[] environment) => new(command, environment);

    public async Task TypeAsync(params string[] keys)
    {
        foreach (string key in keys)
            await _process.StandardInput.WriteAsync(key);
        await _process.StandardInput.FlushAsync(Cancellation);
    }

    /// <summary>Waits until a text stands on the screen that was not there before.</summary>
    public async Task SeeAsync(string text, int since = 0) => await Patience.UntilAsync(
        $"the screen shows '{text}'", () => Task.FromResult(Screen.IndexOf(text, Math.Min(since, Screen.Length), StringComparison.Ordinal) >= 0), () => Screen, Cancellation);

    /// <summary>The terminal is closed.</summary>
    public void HangUp() => _process.Kill();

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(Cancellation).WaitAsync(Patience.Ample, TimeProvider.System, Cancellation);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReadAsync()
    {
        char[] some = new char[4096];
        for (int count; (count = await _process.StandardOutput.ReadAsync(some)) > 0;)
        {
            lock (_screen)
                _screen.Append(some, 0, count);
        }
    }
}
