using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Bundle;

/// <summary>How a program that ran to its end ended.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last lines of what it said, errors first choice: enough to see why, short enough to print.</summary>
    internal string Tail(int lines, Func<string, bool>? isWorthShowing = null)
    {
        string text = string.IsNullOrWhiteSpace(Errors) ? Output : Errors;
        IEnumerable<string> all = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(Environment.NewLine, all.Where(isWorthShowing ?? (_ => true)).TakeLast(lines));
    }
}

/// <summary>Runs a short-lived tool to its end, within a limit, and takes its whole family down when that fails.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    /// <exception cref="TimeoutException">The limit passed.</exception>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    internal static async Task<ChildResult> RunAsync(ProcessStartInfo start, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using Process child = Process.Start(start)!;
        try
        {
            // A tool that asks a question must fail at once instead of waiting for an answer nobody sees it wants.
            child.StandardInput.Close();
            Task<string> output = child.StandardOutput.ReadToEndAsync(either.Token);
            Task<string> errors = child.StandardError.ReadToEndAsync(either.Token);
            await child.WaitForExitAsync(either.Token);
            return new ChildResult(child.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{Path.GetFileName(start.FileName)} did not end within {limit.TotalSeconds:0} s.");
        }
        finally
        {
            if (!child.HasExited)
                await KillAsync(child, time);
        }
    }

    /// <summary>Waits for the end, too: whoever gave up may want to delete what the tool was writing.</summary>
    private static async Task KillAsync(Process child, TimeProvider time)
    {
        child.Kill(entireProcessTree: true);
        using var timer = new CancellationTokenSource(KillLimit, time);
        await child.WaitForExitAsync(timer.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
