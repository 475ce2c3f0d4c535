using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Values in memory: they live as long as the process.</summary>
internal sealed class MemoryValueStore(PeerOptions options, TimeProvider time) : IValueStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _bytes;
    private bool _sealed;

    public long Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    public long Bytes => Interlocked.Read(ref _bytes);

    public ValueTask<long> PutAsync(string key, Identifier place, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            long before = _entries.TryGetValue(key, out Entry? old) ? old.Value.Version : 0;
            long version = Math.Max(before + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            Set(new StoredValue(key, content, version), place, old);
            return ValueTask.FromResult(version);
        }
    }

    public ValueTask TakeAsync(StoredValue value, Identifier place, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _entries.TryGetValue(value.Key, out Entry? old);
            // Taken over again it is another object, though of the same content: see RemoveAsync.
            Set(old is null || old.Value.Version < value.Version ? value : old.Value with { }, place, old);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<StoredValue?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_gate)
            return ValueTask.FromResult(_entries.TryGetValue(key, out Entry? entry) ? entry.Value : null);
    }

    public ValueTask<IReadOnlyList<StoredValue>> FindAsync(Func<Identifier, bool> where, int max, CancellationToken cancellationToken)
    {
        lock (_gate)
            return ValueTask.FromResult<IReadOnlyList<StoredValue>>([.. _entries.Values.Where(entry => where(entry.Place)).Take(max).Select(entry => entry.Value)]);
    }

    public ValueTask RemoveAsync(StoredValue found, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(found.Key, out Entry? entry) && ReferenceEquals(entry.Value, found))
            {
                _entries.Remove(found.Key);
                _bytes -= entry.Size;
            }
        }
        return ValueTask.CompletedTask;
    }

    public void Seal()
    {
        lock (_gate)
            _sealed = true;
    }

    private void Set(StoredValue value, Identifier place, Entry? old)
    {
        if (_sealed)
            throw new RefusedException(Refusal.NotOwner, "This peer is leaving the ring; look up again.");
        var entry = new Entry(value, place);
        long bytes = _bytes - (old?.Size ?? 0) + entry.Size;
        if (bytes > options.MaxBytesHeld)
            throw new RefusedException(Refusal.Exhausted, $"This peer holds {_bytes} bytes of values and may hold {options.MaxBytesHeld} (Chord:MaxMegabytesHeld).");
        _entries[value.Key] = entry;
        _bytes = bytes;
    }

    private sealed record Entry(StoredValue Value, Identifier Place)
    {
        // What a dictionary entry costs beside its content, roughly: enough to bound memory.
        private const int Overhead = 160;

        public long Size => Value.Content.Length + (2 * Value.Key.Length) + Overhead;
    }
}
