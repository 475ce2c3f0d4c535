using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>The objects that are being written, from before the first copy is on disk until the seed peer that keeps the key has been told.</summary>
internal sealed class WritesUnderWay
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Identifier, int> _writes = [];

    /// <summary>A write begins; it ends when this is disposed of.</summary>
    public IDisposable Begin(Identifier id)
    {
        lock (_gate)
            _writes[id] = _writes.GetValueOrDefault(id) + 1;
        return new UnderWay(this, id);
    }

    public bool Has(Identifier id)
    {
        lock (_gate)
            return _writes.ContainsKey(id);
    }

    private void End(Identifier id)
    {
        lock (_gate)
        {
            if (--_writes[id] == 0)
                _writes.Remove(id);
        }
    }

    private sealed class UnderWay(WritesUnderWay writes, Identifier id) : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _ended, true))
                writes.End(id);
        }
    }
}
