using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Tests.Peer;
using Grpc.Core;

namespace ChordAspire.Tests.Ring;

/// <summary>A ring started through the AppHost, and what a test does to it.</summary>
public sealed class RingUnderTest : IAsyncDisposable
{
    /// <summary>Ample for a machine that is busy with other things; a quiet one needs a tenth. Microsoft's host starts each peer with <c>dotnet run</c>.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>A peer of the ring of eight that starts only when asked to.</summary>
    public const string Spare = "peer-8";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);

    private readonly DistributedApplication _app;
    private readonly string _directory;
    private readonly PeerChannels _channels = new(AnswerPatience);
    private readonly ConcurrentDictionary<string, string> _addresses = new();

    private RingUnderTest(DistributedApplication app, int peers, string directory)
    {
        (_app, _directory) = (app, directory);
        Names = [.. Enumerable.Range(0, peers).Select(i => $"peer-{i}")];
    }

    public static TimeProvider Time => TimeProvider.System;

    /// <summary>The peers that start with the application.</summary>
    public IReadOnlyList<string> Names { get; }

    public ResourceNotificationService Notifications => _app.ResourceNotifications;

    /// <summary>Starts the AppHost with these arguments, on free ports, and waits for the ideal ring.</summary>
    public static async Task<RingUnderTest> StartAsync(int peers, CancellationToken cancellationToken, params string[] args)
    {
        RingUnderTest ring = await BeginAsync(peers, cancellationToken, args);
        await ring.WaitUntilIdealAsync(ring.Names, cancellationToken);
        return ring;
    }

    /// <summary>Starts the AppHost with these arguments, on free ports.</summary>
    public static async Task<RingUnderTest> BeginAsync(int peers, CancellationToken cancellationToken, params string[] args)
    {
        string directory = DataFolders.New();
        IDistributedApplicationTestingBuilder builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ChordAspire_AppHost>(
            [$"--Ring:Peers={peers}", "--Ring:BasePort=0", "--Ring:Page=false", $"--Ring:Directory={directory}", .. args], cancellationToken);
        DistributedApplication app = await builder.BuildAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        return new RingUnderTest(app, peers, directory);
    }

    public ChordClient ClientOf(string name) => new(InvokerOf(name));

    public CallInvoker InvokerOf(string name) => _channels.To(AddressOf(name));

    public string AddressOf(string name) => _addresses.GetOrAdd(name, static (peer, app) => $"127.0.0.1:{app.GetEndpoint(peer, "grpc").Port}", _app);

    /// <summary>What a peer says of itself; null when it does not answer.</summary>
    public async Task<PeerDescription?> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ClientOf(name).DescribeAsync(cancellationToken, AnswerPatience);
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    /// <summary>The ring as these peers tell it; those that do not answer are left out.</summary>
    public async Task<RingSnapshot> ReadAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        PeerDescription?[] told = await Task.WhenAll(names.Select(name => DescribeAsync(name, cancellationToken)));
        return new RingSnapshot(told.OfType<PeerDescription>().Select(peer => peer.View), told.OfType<PeerDescription>().FirstOrDefault()?.Parameters.SuccessorListLength ?? 4);
    }

    /// <summary>Waits until these peers, and no others, form the ideal ring; says how long it took, and on giving up draws the ring.</summary>
    public async Task<TimeSpan> WaitUntilIdealAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        long started = Time.GetTimestamp();
        while (true)
        {
            RingSnapshot ring = await ReadAsync(names, cancellationToken);
            TimeSpan elapsed = Time.GetElapsedTime(started);
            if (ring.IsIdeal && ring.Members.Length == names.Count)
                return elapsed;
            if (elapsed > Patience)
                Assert.Fail($"Not the ideal ring of {string.Join(' ', names)} within {Patience}:\n{ring.Draw()}");
            await Task.Delay(PollInterval, Time, cancellationToken);
        }
    }

    /// <summary>Waits for a condition; on giving up, says what was waited for and draws the ring.</summary>
    /// <param name="explain">What else to say on giving up.</param>
    public async Task WaitUntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken, Func<string>? explain = null)
    {
        long started = Time.GetTimestamp();
        while (!await condition())
        {
            if (Time.GetElapsedTime(started) > Patience)
                Assert.Fail($"Waited in vain until {what}:\n{explain?.Invoke()}\n{(await ReadAsync(Names, cancellationToken)).Draw()}");
            await Task.Delay(PollInterval, Time, cancellationToken);
        }
    }

    /// <summary>SIGKILL to the peers' own processes, all within microseconds.</summary>
    public async Task KillAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        PeerDescription[] peers = (await Task.WhenAll(names.Select(name => DescribeAsync(name, cancellationToken)))).OfType<PeerDescription>().ToArray();
        Process[] processes = [.. peers.Select(peer => Process.GetProcessById(peer.ProcessId))];
        foreach (Process process in processes)
            process.Kill();
        foreach (Process process in processes)
            process.Dispose();
    }

    /// <summary>What a peer that does not run had on its disk is gone.</summary>
    public void EraseDiskOf(string name) => Directory.Delete(Path.Combine(_directory, name), recursive: true);

    /// <summary>Waits until these peers form the ideal ring, and each says that all it owns has all its copies.</summary>
    public async Task WaitUntilReplicatedAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        await WaitUntilIdealAsync(names, cancellationToken);
        await WaitUntilAsync(
            "every object has all its copies",
            async () => (await Task.WhenAll(names.Select(name => DescribeAsync(name, cancellationToken)))).All(peer => peer is { Replicated: true }),
            cancellationToken);
    }

    /// <summary>Starts peers that do not run, and waits until they are running.</summary>
    public async Task StartPeersAsync(IEnumerable<string> names, CancellationToken cancellationToken) =>
        await Task.WhenAll(names.Select(async name =>
        {
            await WaitUntilStoppedAsync(name, cancellationToken);
            await CommandAsync(name, KnownResourceCommands.StartCommand, cancellationToken);
            await _app.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.Running, cancellationToken).WaitAsync(Patience, Time, cancellationToken);
        }));

    public async Task WaitUntilStoppedAsync(string name, CancellationToken cancellationToken) =>
        await _app.ResourceNotifications.WaitForResourceAsync(
            name, [.. KnownResourceStates.TerminalStates, KnownResourceStates.NotStarted], cancellationToken).WaitAsync(Patience, Time, cancellationToken);

    /// <summary>Runs a resource command, which must succeed.</summary>
    public async Task CommandAsync(string name, string command, CancellationToken cancellationToken)
    {
        ExecuteCommandResult result = await _app.ResourceCommands.ExecuteCommandAsync(name, command, cancellationToken);
        Assert.True(result.Success, $"Command {command} on {name}: {result.Message}");
    }

    /// <summary>Stops what a test started beyond the usual peers, starts what it stopped, and waits for the ideal ring: the next test begins like the first.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken, params string[] spares)
    {
        foreach (string spare in spares)
        {
            if (await DescribeAsync(spare, cancellationToken) is not null)
                await CommandAsync(spare, KnownResourceCommands.StopCommand, cancellationToken);
        }
        var missing = new List<string>();
        foreach (string name in Names)
        {
            if (await DescribeAsync(name, cancellationToken) is null)
                missing.Add(name);
        }
        await StartPeersAsync(missing, cancellationToken);
        await WaitUntilIdealAsync(Names, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _channels.Dispose();
        await _app.DisposeAsync();
        DataFolders.Delete(_directory);
    }
}
