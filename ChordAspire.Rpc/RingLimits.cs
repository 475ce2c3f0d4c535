namespace ChordAspire.Rpc;

/// <summary>Bounds on all that comes over the wire; what exceeds one is refused by name.</summary>
public static class RingLimits
{
    /// <summary>UTF-8 bytes of a key.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>Bytes of a value.</summary>
    public const int MaxValueBytes = 1024 * 1024;

    /// <summary>Bytes of an address, <c>host:port</c>.</summary>
    public const int MaxAddressBytes = 255;

    /// <summary>Entries of a successor list.</summary>
    public const int MaxSuccessors = Protocol.ChordParameters.MaxSuccessorListLength;

    /// <summary>Closer peers named in one hop: a few fingers, and those of the successor list.</summary>
    public const int MaxCloser = Protocol.Routing.MaxCloser;

    /// <summary>Values in one message of a hand-over.</summary>
    public const int MaxHandOverValues = 256;

    /// <summary>Bytes of values in one message of a hand-over, beyond the first value.</summary>
    public const int MaxHandOverBytes = 2 * 1024 * 1024;
}
