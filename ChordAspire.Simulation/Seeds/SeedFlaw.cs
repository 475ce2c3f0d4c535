namespace ChordAspire.Simulation;

/// <summary>What a seed peer does wrong beyond what every seed peer does.</summary>
public enum SeedFlaw
{
    None,

    /// <summary>It answers with an address that no one listens on.</summary>
    NamesNobody,

    /// <summary>It answers with its own identifier, whatever it is asked.</summary>
    NamesItself,

    /// <summary>Whoever it is asked for it names, at its own address: successors without end.</summary>
    NamesAnyone,

    /// <summary>What it answers cannot be read: an identifier out of range, an address that is none.</summary>
    Malformed,

    /// <summary>It takes longer for each answer than peers wait for each other.</summary>
    Slow,
}
