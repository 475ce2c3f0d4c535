using System.Runtime.CompilerServices;

namespace ChordAspire.Simulation;

/// <summary>What is to happen, earliest first; of two things at the same moment, the one scheduled first. A heap of four children per node, without garbage.</summary>
internal sealed class EventQueue
{
    private const int Children = 4;
    private Scheduled[] _heap = new Scheduled[1024];
    private int _count;
    private long _sequence;

    public int Count => _count;

    /// <summary>When the next thing is to happen, in ticks of 100 ns since the beginning; <see cref="long.MaxValue"/> when nothing is.</summary>
    public long NextAt => _count == 0 ? long.MaxValue : _heap[0].At;

    public void Add(long at, Happening what, SimulatedPeer? peer, object? payload)
    {
        if (_count == _heap.Length)
            Array.Resize(ref _heap, _count * 2);
        var added = new Scheduled(at, _sequence++, payload, peer, peer?.Life ?? 0, what);
        int hole = _count++;
        while (hole > 0)
        {
            int parent = (hole - 1) / Children;
            if (!added.IsBefore(in _heap[parent]))
                break;
            _heap[hole] = _heap[parent];
            hole = parent;
        }
        _heap[hole] = added;
    }

    public Scheduled Take()
    {
        Scheduled first = _heap[0];
        Scheduled last = _heap[--_count];
        _heap[_count] = default;
        if (_count > 0)
            SiftDown(last);
        return first;
    }

    private void SiftDown(in Scheduled last)
    {
        Scheduled[] heap = _heap;
        int hole = 0;
        while (true)
        {
            int child = (hole * Children) + 1;
            if (child >= _count)
                break;
            int smallest = child;
            int end = Math.Min(child + Children, _count);
            for (int other = child + 1; other < end; other++)
            {
                if (heap[other].IsBefore(in heap[smallest]))
                    smallest = other;
            }
            if (!heap[smallest].IsBefore(in last))
                break;
            heap[hole] = heap[smallest];
            hole = smallest;
        }
        heap[hole] = last;
    }
}

/// <summary>One thing that is to happen.</summary>
/// <param name="At">Ticks of 100 ns since the beginning.</param>
/// <param name="Sequence">Breaks ties.</param>
/// <param name="Payload">The call, message or action it is about.</param>
/// <param name="Peer">Whom it happens to; null for the run itself.</param>
/// <param name="Life">The peer's life at scheduling: what was meant for a former life is lost with it.</param>
internal readonly record struct Scheduled(long At, long Sequence, object? Payload, SimulatedPeer? Peer, int Life, Happening What)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBefore(in Scheduled other) => At < other.At || (At == other.At && Sequence < other.Sequence);
}

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
}
