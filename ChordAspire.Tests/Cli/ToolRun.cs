using System.Diagnostics;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Cli;

/// <summary>The built tool as a process of its own, its output in pipes.</summary>
internal sealed class ToolRun : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private ToolRun(string program, string[] args)
    {
        var info = new ProcessStartInfo(program, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(info)!;
        _process.StandardInput.Close();
        _error = _process.StandardError.ReadToEndAsync(Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What it writes. Closed, nobody reads it any more.</summary>
    public StreamReader Out => _process.StandardOutput;

    public static ToolRun Start(params string[] args) => new("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChordAspire.Cli.dll"), .. args]);

    /// <summary>A line of a shell, which can call <see cref="PtyRun.Tool"/>.</summary>
    public static ToolRun StartShell(string line) => new("/bin/sh", ["-c", line]);

    public async Task<(int ExitCode, string Error)> EndAsync()
    {
        string error = await _error.WaitAsync(Patience.Ample, TimeProvider.System, Cancellation);
        await _process.WaitForExitAsync(Cancellation).WaitAsync(Patience.Ample, TimeProvider.System, Cancellation);
        return (_process.ExitCode, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
