using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>An object on its way in at its owner, and from there to the replicas at the same time. Disposed of without a commit it leaves nothing anywhere.</summary>
internal sealed class OwnedUpload : IAsyncDisposable
{
    private readonly ObjectOwner _owner;
    private readonly Identifier _id;
    private readonly CopyIntake _intake;
    private readonly IncomingObject _incoming;
    private readonly ReplicaUpload[] _replicas;
    private readonly List<Task> _commits = [];

    public OwnedUpload(ObjectOwner owner, Identifier id, string key, CopyIntake intake, IEnumerable<ReplicaUpload> replicas)
    {
        (_owner, _id, _intake) = (owner, id, intake);
        _incoming = intake.Begin(key);
        _replicas = [.. replicas];
    }

    /// <summary>Adds bytes, which must stay as they are.</summary>
    /// <exception cref="StorageRefusedException">They do not fit.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        ValueTask own = _incoming.WriteAsync(chunk, cancellationToken);
        foreach (ReplicaUpload replica in _replicas)
        {
            // A disk that stalls for all at once is no reason to leave them all behind.
            var tally = new WriteTally(1 + _replicas.Length) { ReplicasFailed = _replicas.Count(other => other.IsLeftBehind) };
            await replica.WriteAsync(chunk, tally.CanSpareOne);
        }
        await own;
    }

    /// <summary>Stores what was written, when it is what was sent.</summary>
    /// <exception cref="RefusedException">It is not; or the peer does not own it any more, or not enough copies could be made.</exception>
    public async Task<StoredAt> CommitAsync(ContentHash announced, long announcedSize, CancellationToken cancellationToken)
    {
        (ContentHash hash, long size) = await _incoming.CompleteAsync(cancellationToken);
        if (hash != announced || size != announcedSize)
            throw new RefusedException(Refusal.Corrupted, $"{size} bytes with SHA-256 {hash} arrived; {announcedSize} bytes with {announced} were announced.");
        return await _owner.CommitAsync(
            _id,
            hash,
            size,
            version => Remember(_intake.CommitCompletedAsync(_incoming, version, writer: null)),
            [.. _replicas.Select(replica => new ReplicaWrite(replica.Replica, version => Remember(replica.CommitAsync(version, size))))],
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // A slow replica's commit goes on when the write is acknowledged already: what it has by then need not be copied again.
        if (_commits.Exists(commit => !commit.IsCompleted))
            _ = EndAsync();
        else
            await EndAsync();
    }

    private async Task EndAsync()
    {
        await Task.WhenAll(_commits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _incoming.DisposeAsync();
        foreach (ReplicaUpload replica in _replicas)
            await replica.DisposeAsync();
    }

    private Task<T> Remember<T>(Task<T> commit)
    {
        _commits.Add(commit);
        return commit;
    }
}
