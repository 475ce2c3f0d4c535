using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ChordAspire.Rpc;
using Grpc.Core;

namespace ChordAspire.Tests.Peer;

/// <summary>One real peer: the built program in a process of its own, on loopback.</summary>
public sealed class PeerProcess : IAsyncDisposable
{
    private const int LinesKept = 300;
    private const int Tries = 5;
    private const string FolderSetting = "Storage__Directory";

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);
    private static readonly string[] SettingsOfPeers = ["Chord__", "Storage__", "OTEL_", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "Logging__"];

    private readonly Process _process;
    private readonly Queue<string> _lines = new();
    private readonly Queue<string> _errors = new();
    private readonly PeerChannels _channels = new(AnswerPatience);
    private bool _deletesFolder;

    private PeerProcess(Process process, int port, int httpPort, string folder, (string Name, string Value)[] settings)
    {
        _process = process;
        Port = port;
        HttpPort = httpPort;
        Folder = folder;
        Settings = settings;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data, isError: true);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    public int HttpPort { get; }

    /// <summary>Where it keeps its objects.</summary>
    public string Folder { get; }

    /// <summary>What it was started with, beside ports and folder.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; }

    public string Address => $"127.0.0.1:{Port}";

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public CallInvoker Invoker => _channels.To(Address);

    public ChordClient Client => new(Invoker);

    /// <summary>The last lines that the peer has written, both streams together.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>What it has written to the error stream.</summary>
    public string Errors
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _errors);
        }
    }

    /// <summary>Starts a peer on free ports and waits until it listens.</summary>
    public static async Task<PeerProcess> StartAsync(CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        for (int attempt = 1; ; attempt++)
        {
            PeerProcess peer = Launch(FreePort(), FreePort(), settings);
            try
            {
                await Patience.UntilAsync(
                    "the peer listens", () => Task.FromResult(peer.HasExited || peer.Said("listens on")), () => peer.Output, cancellationToken);
                if (!peer.HasExited)
                    return peer;
                await peer.WaitForExitAsync(cancellationToken);
                // Another process may have taken the port in the moment between choosing and binding it.
                if (attempt == Tries || !peer.Said("is in use"))
                    Assert.Fail($"The peer ended:\n{peer.Output}");
            }
            catch
            {
                await peer.DisposeAsync();
                throw;
            }
            await peer.DisposeAsync();
        }
    }

    /// <summary>Starts a peer that has ended once more, at its address and with its folder, and waits until it listens.</summary>
    public async Task<PeerProcess> RestartAsync(CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        PeerProcess again = Launch(Port, HttpPort, [.. Settings, (FolderSetting, Folder), .. settings]);
        (again._deletesFolder, _deletesFolder) = (_deletesFolder, false);
        try
        {
            await again.WaitForOutputAsync("listens on", cancellationToken);
            return again;
        }
        catch
        {
            await again.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a peer as told and waits for nothing. Settings count more than the ports.</summary>
    public static PeerProcess Launch(int port, int httpPort, params (string Name, string Value)[] settings)
    {
        string? executable = Environment.GetEnvironmentVariable("Ring__PeerExecutable");
        var info = new ProcessStartInfo(executable ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        if (executable is null)
            info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ChordAspire.Peer.dll"));
        // What the tests' own environment says of rings, hosts and telemetry is not meant for this peer.
        foreach (string name in info.Environment.Keys.Where(IsForPeers).ToArray())
            info.Environment.Remove(name);
        info.Environment["PORT"] = $"{port}";
        info.Environment["HTTP_PORT"] = $"{httpPort}";
        string folder = DataFolders.New();
        info.Environment[FolderSetting] = folder;
        foreach ((string name, string value) in settings)
            info.Environment[name] = value;
        string used = info.Environment[FolderSetting]!;
        return new PeerProcess(Process.Start(info)!, port, httpPort, used, settings) { _deletesFolder = used == folder };
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public bool Said(string text) => Output.Contains(text, StringComparison.Ordinal);

    public Task WaitForOutputAsync(string text, CancellationToken cancellationToken) =>
        Patience.UntilAsync($"the peer says '{text}'", () => Task.FromResult(Said(text)), () => Output, cancellationToken);

    /// <summary>The exit code, with all output read.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience.Ample, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The peer did not end within {Patience.Ample}:\n{Output}");
        }
        return _process.ExitCode;
    }

    public void Kill() => ProcessSignal.Send(ProcessId, ProcessSignal.Kill);

    public void Terminate() => ProcessSignal.Send(ProcessId, ProcessSignal.Terminate);

    public void Suspend() => ProcessSignal.Send(ProcessId, ProcessSignal.Stop);

    public void Resume() => ProcessSignal.Send(ProcessId, ProcessSignal.Continue);

    public async Task<PeerDescription> DescribeAsync(CancellationToken cancellationToken) => await Client.DescribeAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _channels.Dispose();
        if (!HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
        if (_deletesFolder)
            DataFolders.Delete(Folder);
    }

    private static bool IsForPeers(string name) =>
        name is "NODE_ID" or "TARGET_ADDRESS" or "SOURCE_ADDRESS" or "CHORD_ID_BITS"
        || SettingsOfPeers.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    private void Keep(string? line, bool isError = false)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
                _lines.Dequeue();
            if (isError && _errors.Count < LinesKept)
                _errors.Enqueue(line);
        }
    }
}
