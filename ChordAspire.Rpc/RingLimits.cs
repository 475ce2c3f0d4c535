namespace ChordAspire.Rpc;

/// <summary>Bounds on all that comes over the wire; what exceeds one is refused by name.</summary>
public static class RingLimits
{
    /// <summary>UTF-8 bytes of a key.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>Bytes of an object in one message; larger ones come in chunks.</summary>
    public const int MaxValueBytes = 1024 * 1024;

    /// <summary>Bytes of an address, <c>host:port</c>.</summary>
    public const int MaxAddressBytes = 255;

    /// <summary>Entries of a successor list.</summary>
    public const int MaxSuccessors = Protocol.ChordParameters.MaxSuccessorListLength;

    /// <summary>Closer peers named in one hop: a few fingers, and those of the successor list.</summary>
    public const int MaxCloser = Protocol.Routing.MaxCloser;

    /// <summary>Bytes of a chunk that is taken.</summary>
    public const int MaxChunkBytes = 256 * 1024;

    /// <summary>Bytes of a chunk that is sent: small enough not to be kept on the heap for large objects.</summary>
    public const int ChunkBytes = 64 * 1024;

    /// <summary>Bytes of any message, with what surrounds a value of the largest size.</summary>
    public const int MaxMessageBytes = MaxValueBytes + (64 * 1024);

    /// <summary>Objects in one message of a listing.</summary>
    public const int MaxListedObjects = 256;

    /// <summary>An observer hears from a living peer this often at the least.</summary>
    public static readonly TimeSpan WatchHeartbeat = TimeSpan.FromSeconds(3);
}
