namespace ChordAspire.Rpc;

/// <summary>Why a peer refuses a request.</summary>
public enum Refusal
{
    /// <summary>Something in the request is malformed or over its bound. Asking again will not help.</summary>
    InvalidRequest,

    /// <summary>The identifier the request is for is not, or not yet, or no longer, a member at this address.</summary>
    NotMember,

    /// <summary>The peer does not own the key: look up again.</summary>
    NotOwner,

    /// <summary>The peers belong to rings of different parameters.</summary>
    OtherRing,

    /// <summary>This ring cannot serve the request at all.</summary>
    NotServed,

    /// <summary>A bound is reached: of hops, of calls or uploads under way, of memory, of room on disk.</summary>
    Exhausted,

    /// <summary>The ring could not be reached in time, or not enough copies could be made; try again.</summary>
    Unavailable,

    /// <summary>The object is no longer of the version asked for.</summary>
    Changed,

    /// <summary>What arrived is not what was sent: its SHA-256 or its size is wrong. Nothing was stored.</summary>
    Corrupted,

    /// <summary>This caller may not ask for it.</summary>
    NotAllowed,
}

/// <summary>A request is refused: thrown by a peer's services, and by <see cref="ChordClient"/> when a peer refused.</summary>
public sealed class RefusedException : Exception
{
    public RefusedException(Refusal reason, string message, Exception? inner = null)
        : base(message, inner)
    {
        Reason = reason;
    }

    public Refusal Reason { get; }
}
