using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Peer;

/// <summary>A few real peers in one ring, without an orchestrator.</summary>
public sealed class SmallRing : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);

    private readonly List<PeerProcess> _peers = [];
    private readonly (string Name, string Value)[] _settings;

    private SmallRing((string Name, string Value)[] settings) => _settings = settings;

    public IReadOnlyList<PeerProcess> Peers => _peers;

    public PeerProcess this[int peer] => _peers[peer];

    /// <summary>Peers with these identifiers (empty: by their address), in this order; ideal when this returns.</summary>
    public static async Task<SmallRing> StartAsync(
        IReadOnlyList<string> identifiers, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var ring = new SmallRing(settings);
        try
        {
            await ring.AddAsync(identifiers[0], cancellationToken);
            Task<PeerProcess>[] others = [.. identifiers.Skip(1).Select(identifier => ring.StartPeerAsync(identifier, cancellationToken))];
            await Task.WhenAll(others).ContinueWith(static _ => { }, cancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
            ring._peers.AddRange(others.Where(other => other.IsCompletedSuccessfully).Select(other => other.Result));
            await Task.WhenAll(others);
            await ring.WaitUntilIdealAsync(cancellationToken);
            return ring;
        }
        catch
        {
            await ring.DisposeAsync();
            throw;
        }
    }

    public static Task<SmallRing> StartAsync(int peers, CancellationToken cancellationToken, params (string Name, string Value)[] settings) =>
        StartAsync([.. Enumerable.Repeat("", peers)], cancellationToken, settings);

    /// <summary>One more peer, which joins through the first; listening when this returns, and joined some time later.</summary>
    public async Task<PeerProcess> AddAsync(string identifier, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        PeerProcess peer = await StartPeerAsync(identifier, cancellationToken, settings);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Starts a peer that has ended once more, with its identifier, address and folder, to join through those that run; alone when none does.</summary>
    public async Task<PeerProcess> RestartAsync(int peer, CancellationToken cancellationToken)
    {
        PeerProcess ended = _peers[peer];
        _peers[peer] = await ended.RestartAsync(cancellationToken, ("TARGET_ADDRESS", RunningAddresses));
        await ended.DisposeAsync();
        return _peers[peer];
    }

    /// <summary>Ends peers without warning, all at the same moment.</summary>
    public static async Task KillAsync(CancellationToken cancellationToken, params IReadOnlyCollection<PeerProcess> peers)
    {
        foreach (PeerProcess peer in peers)
            peer.Kill();
        foreach (PeerProcess peer in peers)
            await peer.WaitForExitAsync(cancellationToken);
    }

    /// <summary>The ring as these peers tell it (default: all that run); those that do not answer are left out.</summary>
    public async Task<RingSnapshot> ReadAsync(CancellationToken cancellationToken, params IReadOnlyCollection<PeerProcess> peers)
    {
        PeerDescription?[] told = await Task.WhenAll(Running(peers).Select(peer => TryDescribeAsync(peer, cancellationToken)));
        int length = told.OfType<PeerDescription>().FirstOrDefault()?.Parameters.SuccessorListLength ?? ChordParameters.MinSuccessorListLength;
        return new RingSnapshot(told.OfType<PeerDescription>().Select(peer => peer.View), length);
    }

    /// <summary>Waits until these peers (default: all that run), and no others, form the ideal ring; on giving up, draws it.</summary>
    public async Task<TimeSpan> WaitUntilIdealAsync(CancellationToken cancellationToken, params IReadOnlyCollection<PeerProcess> peers)
    {
        RingSnapshot? seen = null;
        return await Patience.UntilAsync("the ring is ideal", async () =>
        {
            seen = await ReadAsync(cancellationToken, peers);
            return seen.IsIdeal && seen.Members.Length == Running(peers).Count;
        }, () => $"{seen?.Draw()}{Outputs}", cancellationToken);
    }

    /// <summary>Waits until all that run know that what they own is at all their replicas.</summary>
    public async Task WaitUntilReplicatedAsync(CancellationToken cancellationToken) => await Patience.UntilAsync(
        "every object has all its copies",
        async () => (await Task.WhenAll(Running([]).Select(peer => TryDescribeAsync(peer, cancellationToken)))).All(peer => peer is { Replicated: true }),
        () => Outputs,
        cancellationToken);

    /// <summary>What each peer has said, for messages of failure.</summary>
    public string Outputs => string.Concat(_peers.Select(peer => $"\n--- {peer.Address}\n{peer.Output}"));

    /// <summary>Its description; null when it does not answer.</summary>
    public static async Task<PeerDescription?> TryDescribeAsync(PeerProcess peer, CancellationToken cancellationToken)
    {
        try
        {
            return await peer.Client.DescribeAsync(cancellationToken, AnswerPatience);
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerProcess peer in _peers)
            await peer.DisposeAsync();
    }

    private string RunningAddresses => string.Join(',', _peers.Where(peer => !peer.HasExited).Select(peer => peer.Address));

    private IReadOnlyCollection<PeerProcess> Running(IReadOnlyCollection<PeerProcess> peers) =>
        peers.Count > 0 ? peers : [.. _peers.Where(peer => !peer.HasExited)];

    private Task<PeerProcess> StartPeerAsync(string identifier, CancellationToken cancellationToken, params (string Name, string Value)[] settings) =>
        PeerProcess.StartAsync(cancellationToken, [
            .. _settings,
            ("NODE_ID", identifier),
            ("TARGET_ADDRESS", RunningAddresses),
            .. settings]);
}
