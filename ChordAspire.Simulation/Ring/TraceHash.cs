using System.Numerics;

namespace ChordAspire.Simulation;

/// <summary>A running hash of 64 bits over numbers, in their order; the same on every machine. It tells runs apart, and is no protection against anyone.</summary>
/// <remarks>Each number is mixed in by the step of xxHash64: multiplied, rotated, joined to the sum, multiplied again (Collet, xxHash specification).</remarks>
public struct TraceHash
{
    private const ulong Prime1 = 0x9e3779b185ebca87;
    private const ulong Prime2 = 0xc2b2ae3d27d4eb4f;
    private const ulong Prime4 = 0x85ebca77c2b2ae63;
    private ulong _sum;

    public static TraceHash Empty => new() { _sum = Prime4 };

    public readonly ulong Value => SplitMix64.Mix(_sum);

    public void Add(long number)
    {
        ulong mixed = BitOperations.RotateLeft(unchecked((ulong)number * Prime2), 31);
        _sum = unchecked((BitOperations.RotateLeft(_sum ^ (mixed * Prime1), 27) * Prime1) + Prime4);
    }

    public void Add(long first, long second)
    {
        Add(first);
        Add(second);
    }
}
