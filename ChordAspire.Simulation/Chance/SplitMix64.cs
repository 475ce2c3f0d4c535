namespace ChordAspire.Simulation;

/// <summary>SplitMix64 (Steele, Lea and Flood, <i>Fast splittable pseudorandom number generators</i>, OOPSLA 2014): fills states, and mixes numbers well.</summary>
internal static class SplitMix64
{
    private const ulong GoldenStep = 0x9e3779b97f4a7c15;

    public static ulong Next(ref ulong state)
    {
        state = unchecked(state + GoldenStep);
        return Mix(state);
    }

    /// <summary>The finalizer: each bit of the outcome depends on each bit of the input; one to one.</summary>
    public static ulong Mix(ulong number)
    {
        unchecked
        {
            number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
            number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
            return number ^ (number >> 31);
        }
    }
}
