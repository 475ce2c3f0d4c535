namespace ChordAspire.Protocol;

/// <summary>What every peer of a ring must agree on.</summary>
/// <param name="Bits">Width m of the identifiers: 1 to 160.</param>
/// <param name="SuccessorListLength">Entries kept in the successor list (r): 2 to 32. The ring repairs itself after up to r − 1 neighbouring failures at once.</param>
public sealed record ChordParameters(int Bits = Identifier.MaxBits, int SuccessorListLength = 4)
{
    public const int MinSuccessorListLength = 2;
    public const int MaxSuccessorListLength = 32;
}
