using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Bundle;

namespace Aspire.Hosting.Dcp;

/// <summary>Starts DCP in a session of its own, tied to the life of this process.</summary>
internal static class DcpLauncher
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Everything DCP is given, its children inherit. The first five are meant for this process alone; the rest would tie this DCP to
    /// another one, when we run below it.
    /// </summary>
    private static readonly string[] NotHandedOn =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "ASPIRE_LOGLEVEL",
        "DCP_SECURE_TOKEN", "DCP_LOG_SOCKET", "DCP_DISABLE_MONITOR_PROCESS",
    ];

    /// <summary>
    /// Returns when DCP has forked itself off, which is before it answers. Takes a moment and cannot be cancelled: a DCP of which nobody
    /// knows yet could not be told to end.
    /// </summary>
    /// <exception cref="DcpException">It ended at once.</exception>
    internal static async Task LaunchAsync(string dcpPath, DcpFolders folders, TimeProvider time)
    {
        try
        {
            ChildResult result = await ChildProcess.RunAsync(Command(dcpPath, folders), Limit, time, CancellationToken.None);
            if (result.ExitCode != 0)
            {
                throw new DcpException(
                    $"Aspire's orchestrator ended at once with exit code {result.ExitCode}: {result.Tail(10)}{Environment.NewLine}" +
                    DcpDiagnostics.Hint);
            }
        }
        catch (Win32Exception unable)
        {
            throw new DcpException($"Aspire's orchestrator '{dcpPath}' could not be started: {unable.Message}", unable);
        }
        catch (TimeoutException late)
        {
            throw new DcpException($"Aspire's orchestrator '{dcpPath}' did not detach within {Limit.TotalSeconds:0} s. {DcpDiagnostics.Hint}", late);
        }
    }

    private static ProcessStartInfo Command(string dcpPath, DcpFolders folders)
    {
        string[] arguments =
        [
            "start-apiserver",
            // Without the identity time of our process: a process id is not reused within one second, and a clock that DCP reads
            // differently (in a container, say) would make it stop at once.
            "--monitor", Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            "--monitor-interval", "1",
            // Ctrl+C in our terminal must reach us alone, so that we can take leave in order.
            "--detach",
            "--kubeconfig", folders.Kubeconfig,
            "--tls-cert-file", folders.Certificate,
            "--tls-key-file", folders.Key,
        ];

        var command = new ProcessStartInfo(dcpPath, arguments);
        foreach (string name in NotHandedOn)
            command.Environment.Remove(name);

        command.Environment["DCP_SESSION_FOLDER"] = folders.Session;
        command.Environment["DCP_STATE_STORE_PATH"] = Path.Combine(folders.StateStore, "dcp.db");

        // The user's own choice goes first; else errors alone, into our folder, to have something to say when DCP ends early.
        command.Environment.TryAdd("DCP_DIAGNOSTICS_LOG_LEVEL", "error");
        command.Environment.TryAdd("DCP_DIAGNOSTICS_LOG_FOLDER", folders.Diagnostics);
        return command;
    }
}
