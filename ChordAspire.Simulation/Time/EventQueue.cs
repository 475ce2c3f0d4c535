using System.Runtime.CompilerServices;

namespace ChordAspire.Simulation;

/// <summary>What is to happen, earliest first; of two things at the same moment, the one scheduled first. A heap of four children per node, without garbage.</summary>
/// <remarks>
/// The heap holds times and places only, 16 bytes each, so that the four children of a node lie side by side in the cache and moving them tells the
/// garbage
/// collector nothing. The things themselves stay where they were put until they are taken.
/// </remarks>
internal sealed class EventQueue
{
    private const int Children = 4;
    private const int SlotBits = 24;
    private Key[] _heap = new Key[256];
    private Scheduled[] _slots = new Scheduled[256];
    private int[] _free = new int[256];
    private int _freeCount;
    private int _count;
    private long _sequence;

    public int Count => _count;

    /// <summary>When the next thing is to happen, in ticks of 100 ns since the beginning; <see cref="long.MaxValue"/> when nothing is.</summary>
    public long NextAt => _count == 0 ? long.MaxValue : _heap[0].At;

    public void Add(long at, Happening what, SimulatedPeer? peer, object? payload)
    {
        if (_count == _heap.Length)
            Grow();
        int slot = _freeCount > 0 ? _free[--_freeCount] : _count;
        _slots[slot] = new Scheduled(at, payload, peer, peer?.Life ?? 0, what);
        var added = new Key(at, (_sequence++ << SlotBits) | (uint)slot);
        Key[] heap = _heap;
        int hole = _count++;
        while (hole > 0)
        {
            int parent = (hole - 1) / Children;
            if (!added.IsBefore(heap[parent]))
                break;
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = added;
    }

    public Scheduled Take()
    {
        int slot = _heap[0].Slot;
        Key last = _heap[--_count];
        if (_count > 0)
            SiftDown(last);
        _free[_freeCount++] = slot;
        Scheduled first = _slots[slot];
        _slots[slot] = default;
        return first;
    }

    private void Grow()
    {
        if (_count == 1 << SlotBits)
            throw new InvalidOperationException($"More than {1 << SlotBits} things are to happen.");
        Array.Resize(ref _heap, _count * 2);
        Array.Resize(ref _slots, _count * 2);
        Array.Resize(ref _free, _count * 2);
    }

    private void SiftDown(Key last)
    {
        Key[] heap = _heap;
        int count = _count;
        int hole = 0;
        while (true)
        {
            int child = (hole * Children) + 1;
            if (child >= count)
                break;
            int smallest = child;
            int end = Math.Min(child + Children, count);
            for (int other = child + 1; other < end; other++)
            {
                if (heap[other].IsBefore(heap[smallest]))
                    smallest = other;
            }
            if (!heap[smallest].IsBefore(last))
                break;
            heap[hole] = heap[smallest];
            hole = smallest;
        }
        heap[hole] = last;
    }

    /// <summary>
    /// When, and behind it in one number the order of scheduling and the slot: 40 bits of one leave room for 10^12 things, 24 of the other for 16
    /// million at a time.
    /// </summary>
    private readonly record struct Key(long At, long Order)
    {
        public int Slot => (int)(Order & ((1 << SlotBits) - 1));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsBefore(Key other) => At < other.At || (At == other.At && Order < other.Order);
    }
}

/// <summary>One thing that is to happen.</summary>
/// <param name="At">Ticks of 100 ns since the beginning.</param>
/// <param name="Payload">The call, message or action it is about.</param>
/// <param name="Peer">Whom it happens to; null for the run itself.</param>
/// <param name="Life">The peer's life at scheduling: what was meant for a former life is lost with it.</param>
internal readonly record struct Scheduled(long At, object? Payload, SimulatedPeer? Peer, int Life, Happening What);

/// <summary>The kinds of things that happen. Their numbers enter trace hashes: never change them.</summary>
internal enum Happening : byte
{
    /// <summary>Something of the run itself: a fault, a lookup begun. The payload is the action.</summary>
    Act = 1,

    StabilizeTimer = 2,

    FixFingersTimer = 3,

    /// <summary>A request reaches the peer asked. The payload is the call.</summary>
    Request = 4,

    /// <summary>An answer, or the certainty that there is none, reaches the asker. The payload is the call.</summary>
    Outcome = 5,

    /// <summary>A lookup begins again after no route was found. The payload is the lookup.</summary>
    LookupRetry = 6,

    /// <summary>The way into the ring goes on.</summary>
    Entry = 7,

    /// <summary>All that was owned has been handed over.</summary>
    HandedOver = 8,

    /// <summary>A lookup has ended that had nobody to ask. The payload is the lookup.</summary>
    LookupEnded = 9,

    /// <summary>A request in the seed's contract reaches the peer asked. The payload is the call.</summary>
    SeedRequest = 10,

    /// <summary>What has waited in a ring with seed peers goes on. The payload is the action.</summary>
    GoingOn = 11,
}
