using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting.Bundle;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// One running DCP, started for this process and ended with it. Whatever happens to this process, DCP notices within a second or two and
/// takes everything it runs along.
/// </summary>
internal sealed class DcpSession : IAsyncDisposable
{
    // About one second on a quiet machine; the rest is for a starved one.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UnwantedLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DisposalLimit = TimeSpan.FromSeconds(15);

    private readonly DcpFolders _folders;
    private readonly X509Certificate2 _certificate;
    private readonly DcpApi _api;
    private readonly DcpHealth _health;
    private readonly DcpExecutables _executables;
    private readonly DcpWatch _watch;
    private readonly DcpLogs _logs;
    private readonly DcpShutdown _shutdown;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task? _ending;

    private DcpSession(DcpFolders folders, X509Certificate2 certificate, DcpHealth health, DcpApi api, ILogger logger, TimeProvider time)
    {
        _folders = folders;
        _certificate = certificate;
        _health = health;
        _time = time;
        _api = api;
        _executables = new DcpExecutables(api, folders, time);
        _watch = new DcpWatch(api, _executables, health, time);
        _logs = new DcpLogs(api, health, logger);
        _shutdown = new DcpShutdown(api, _executables, folders, logger, time);
    }

    /// <summary>Starts DCP and returns when it answers.</summary>
    /// <exception cref="DcpException">It did not start; the message carries what it said.</exception>
    internal static async Task<DcpSession> StartAsync(AspireBundle bundle, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        var folders = DcpFolders.Create(time);
        X509Certificate2? certificate = null;
        try
        {
            certificate = DcpCertificate.Create(folders.Certificate, folders.Key, time);
            DcpLog.Starting(logger, bundle.DcpPath);
            cancellationToken.ThrowIfCancellationRequested();
            await DcpLauncher.LaunchAsync(bundle.DcpPath, folders, time);
            var health = new DcpHealth(folders);
            DcpApi api = await ConnectAsync(new DcpConnector(folders, certificate, health, time), folders, logger, time, cancellationToken);
            TimeSpan elapsed = time.GetElapsedTime(since);
            DcpLog.Answers(logger, elapsed);
            return new DcpSession(folders, certificate, health, api, logger, time);
        }
        catch
        {
            certificate?.Dispose();
            folders.Dispose();
            throw;
        }
    }

    /// <summary>Ends when DCP has gone without having been asked to, with what it said last. Noticed by a watch: at least one must run.</summary>
    internal Task<string> Lost => _health.Lost;

    internal Task CreateExecutableAsync(DcpExecutable executable, CancellationToken cancellationToken) =>
        _executables.CreateAsync(executable, cancellationToken);

    /// <summary>Asks for the end and returns; the state tells when it is reached. Nothing to do for one that has ended or is not there.</summary>
    internal Task StopExecutableAsync(string name, CancellationToken cancellationToken) =>
        _executables.StopAsync(name, cancellationToken);

    /// <summary>Stops it if need be, and returns when it and its output are gone and the name is free.</summary>
    internal Task DeleteExecutableAsync(string name, CancellationToken cancellationToken) =>
        _executables.DeleteAsync(name, cancellationToken);

    /// <summary>Everything there is, and then every change. Ends, without an exception, when the token says so, and not before.</summary>
    internal IAsyncEnumerable<DcpChange> WatchExecutablesAsync(CancellationToken cancellationToken) =>
        _watch.RunAsync(cancellationToken);

    /// <summary>
    /// The lines of all three logs. Ends when the streams end, some seconds after the process when they are followed, or, without an
    /// exception, when the token says so.
    /// </summary>
    internal IAsyncEnumerable<DcpLogLine> ReadLogsAsync(string name, bool follow, CancellationToken cancellationToken) =>
        _logs.ReadAsync(name, follow, cancellationToken);

    /// <summary>Ends everything DCP runs, and DCP. Does not throw; what is not done within the limit DCP finishes by itself.</summary>
    internal Task ShutdownAsync(TimeSpan limit)
    {
        lock (_gate)
            return _ending ??= EndAsync(limit);
    }

    public async ValueTask DisposeAsync()
    {
        await ShutdownAsync(DisposalLimit);
        _api.Dispose();
        _certificate.Dispose();
        _folders.Dispose();

        // What was still in use when this session began may be free by now.
        DcpLeftovers.Sweep(Path.GetTempPath(), _time);
    }

    private static async Task<DcpApi> ConnectAsync(
        DcpConnector connector, DcpFolders folders, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await connector.ConnectAsync(ConnectLimit, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // It is on its way up, and would stay until this process ends: someone has to tell it that nobody wants it any more.
            await EndUnwantedAsync(connector, folders, logger, time);
            throw;
        }
    }

    private static async Task EndUnwantedAsync(DcpConnector connector, DcpFolders folders, ILogger logger, TimeProvider time)
    {
        try
        {
            using DcpApi api = await connector.ConnectAsync(UnwantedLimit, CancellationToken.None);
            await new DcpShutdown(api, new DcpExecutables(api, folders, time), folders, logger, time).RunAsync(UnwantedLimit);
        }
        catch (DcpException)
        {
            // It never came up.
        }
    }

    private Task EndAsync(TimeSpan limit)
    {
        _health.ExpectEnd();
        return _shutdown.RunAsync(limit);
    }
}
