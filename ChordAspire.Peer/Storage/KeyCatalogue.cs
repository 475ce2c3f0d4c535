namespace ChordAspire.Peer;

/// <summary>The keys held, in ordinal order, in little memory: about 20 bytes for a key of 20 characters.</summary>
/// <remarks>
/// It may name keys that are not held any more; whoever finds one says so (<see cref="Reconcile"/>). Whether a key is held is asked under the lock,
/// after whatever changed has changed, so the last to ask is right.
/// </remarks>
internal sealed class KeyCatalogue(Func<string, bool> isHeld)
{
    private readonly Lock _gate = new();
    private readonly List<KeyBlock> _blocks = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _blocks.Sum(block => block.Count);
        }
    }

    /// <summary>Brings these keys in line with what is held.</summary>
    public void Reconcile(IEnumerable<string> keys)
    {
        List<string> sorted = [.. keys.Distinct(StringComparer.Ordinal)];
        sorted.Sort(StringComparer.Ordinal);
        for (int i = 0; i < sorted.Count;)
        {
            lock (_gate)
                i = ReconcileBlock(sorted, i);
        }
    }

    /// <summary>Some keys in order, the first of them behind this one, or it; none when there are no more.</summary>
    public List<string> PageFrom(string key, bool included)
    {
        lock (_gate)
        {
            for (int block = Math.Max(0, BlockOf(key)); block < _blocks.Count; block++)
            {
                List<string> keys = _blocks[block].Keys();
                int from = keys.BinarySearch(key, StringComparer.Ordinal);
                int skipped = from < 0 ? ~from : included ? from : from + 1;
                if (skipped < keys.Count)
                    return keys[skipped..];
            }
        }
        return [];
    }

    /// <summary>The keys from an index on that belong into one block; returns the index behind them.</summary>
    private int ReconcileBlock(List<string> sorted, int index)
    {
        int block = Math.Max(0, BlockOf(sorted[index]));
        List<string> keys = block < _blocks.Count ? _blocks[block].Keys() : [];
        string? next = block + 1 < _blocks.Count ? _blocks[block + 1].First : null;
        bool changed = false;
        // Not more at once than makes two blocks of one: the lock is held.
        for (int added = 0; index < sorted.Count && added < KeyBlock.KeysMax; index++, added++)
        {
            string key = sorted[index];
            if (next is not null && string.CompareOrdinal(key, next) >= 0)
                break;
            int at = keys.BinarySearch(key, StringComparer.Ordinal);
            bool held = isHeld(key);
            if (held == at >= 0)
                continue;
            changed = true;
            if (held)
                keys.Insert(~at, key);
            else
                keys.RemoveAt(at);
        }
        if (!changed)
            return index;
        if (block < _blocks.Count)
            _blocks.RemoveAt(block);
        _blocks.InsertRange(block, KeyBlock.Split(keys));
        return index;
    }

    /// <summary>The last block whose first key is not behind this one; -1 where there is none.</summary>
    private int BlockOf(string key)
    {
        int low = 0;
        int high = _blocks.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(_blocks[middle].First, key) <= 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high;
    }
}
