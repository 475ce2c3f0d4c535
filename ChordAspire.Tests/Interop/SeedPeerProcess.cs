using System.Diagnostics;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Peer;
using Grpc.Core;

namespace ChordAspire.Tests.Interop;

/// <summary>One seed peer: the built program in a process of its own, on loopback.</summary>
public sealed class SeedPeerProcess : IAsyncDisposable
{
    private const int Tries = 5;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);
    private static readonly string[] Inherited = ["NODE_ID", "PORT", "SOURCE_ADDRESS", "TARGET_ADDRESS"];

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly PeerChannels _channels = new(AnswerPatience);

    private SeedPeerProcess(int id, int port, Process process)
    {
        (Id, Port, _process) = (id, port, process);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id { get; }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public bool HasExited => _process.HasExited;

    public CallInvoker Invoker => _channels.To(Address);

    /// <summary>Raw stubs of the seed's contract.</summary>
    public ChordService.ChordServiceClient Client => new(Invoker);

    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Starts a seed peer on a free port and waits until it listens. With identifier 0 it starts a ring.</summary>
    public static async Task<SeedPeerProcess> StartAsync(int id, string target, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            SeedPeerProcess peer = Launch(id, PeerProcess.FreePort(), target);
            try
            {
                await Patience.UntilAsync(
                    "the seed peer listens", () => Task.FromResult(peer.HasExited || peer.Said("listens on")), () => peer.Output, cancellationToken);
                if (!peer.HasExited)
                    return peer;
                await peer.WaitForExitAsync(cancellationToken);
                // Another process may have taken the port in the moment between choosing and binding it.
                if (attempt == Tries || !peer.Said("cannot listen"))
                    Assert.Fail($"The seed peer ended:\n{peer.Output}");
            }
            catch
            {
                await peer.DisposeAsync();
                throw;
            }
            await peer.DisposeAsync();
        }
    }

    /// <summary>Starts a seed peer as told and waits for nothing.</summary>
    public static SeedPeerProcess Launch(int id, int port, string target)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "ChordAspire.SeedPeer.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in Inherited)
            info.Environment.Remove(name);
        info.Environment["NODE_ID"] = $"{id}";
        info.Environment["PORT"] = $"{port}";
        if (target.Length > 0)
            info.Environment["TARGET_ADDRESS"] = target;
        return new SeedPeerProcess(id, port, Process.Start(info)!);
    }

    public bool Said(string text) => Output.Contains(text, StringComparison.Ordinal);

    public Task WaitForOutputAsync(string text, CancellationToken cancellationToken) =>
        Patience.UntilAsync($"the seed peer says '{text}'", () => Task.FromResult(Said(text)), () => Output, cancellationToken);

    /// <summary>The exit code, with all output read.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience.Ample, TimeProvider.System, cancellationToken);
        return _process.ExitCode;
    }

    public void Kill() => ProcessSignal.Send(_process.Id, ProcessSignal.Kill);

    public void Terminate() => ProcessSignal.Send(_process.Id, ProcessSignal.Terminate);

    public void Suspend() => ProcessSignal.Send(_process.Id, ProcessSignal.Stop);

    public void Resume() => ProcessSignal.Send(_process.Id, ProcessSignal.Continue);

    public async ValueTask DisposeAsync()
    {
        _channels.Dispose();
        if (!HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(line);
    }
}
