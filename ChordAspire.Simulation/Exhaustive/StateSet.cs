namespace ChordAspire.Simulation;

/// <summary>
/// The rings seen so far: whole states of 60 bits and no fingerprints of them, so that none is ever taken for another. Open addressing in parts
/// with a lock each;
/// 8 bytes a slot, 10 to 14 a ring.
/// </summary>
internal sealed class StateSet
{
    private const int PartBits = 10;
    private readonly Part[] _parts = new Part[1 << PartBits];

    public StateSet()
    {
        for (int i = 0; i < _parts.Length; i++)
            _parts[i] = new Part();
    }

    public long Count => _parts.Sum(part => (long)part.Count);

    /// <summary>False when it is there already.</summary>
    public bool Add(ulong ring)
    {
        ulong hash = SplitMix64.Mix(ring);
        Part part = _parts[hash >> (64 - PartBits)];
        lock (part)
            return part.Add(ring, hash << PartBits);
    }

    private sealed class Part
    {
        private const double LoadMax = 0.8;
        private const double Growth = 1.4;
        private ulong[] _slots = new ulong[64];

        public int Count { get; private set; }

        public bool Add(ulong ring, ulong hash)
        {
            if (!Put(_slots, ring, hash))
                return false;
            if (++Count > _slots.Length * LoadMax)
                Grow();
            return true;
        }

        private void Grow()
        {
            var larger = new ulong[(int)(_slots.Length * Growth)];
            foreach (ulong ring in _slots)
            {
                if (ring != 0)
                    Put(larger, ring, SplitMix64.Mix(ring) << PartBits);
            }
            _slots = larger;
        }

        /// <summary>0 is no ring, since somebody is always there, and stands for a free slot.</summary>
        private static bool Put(ulong[] slots, ulong ring, ulong hash)
        {
            int slot = (int)Math.BigMul(hash, (ulong)slots.Length, out _);
            while (slots[slot] != 0)
            {
                if (slots[slot] == ring)
                    return false;
                if (++slot == slots.Length)
                    slot = 0;
            }
            slots[slot] = ring;
            return true;
        }
    }
}
