namespace ChordAspire.Rpc;

/// <summary>How a call to another peer ended.</summary>
public enum CallStatus
{
    Answered,

    /// <summary>No connection, or no answer in time.</summary>
    Silent,

    /// <summary>Something answers at the address, but the identifier is no member there.</summary>
    NotMember,

    /// <summary>Refused for another reason, which is in the detail.</summary>
    Refused,

    /// <summary>Something answers at the address, but not in this contract: a seed peer, perhaps.</summary>
    OtherContract,
}

/// <summary>Outcome of a call to another peer. Silence is a result here, not an exception.</summary>
/// <param name="Value">Set when the peer answered.</param>
/// <param name="Reason">Set when it refused.</param>
/// <param name="Detail">For people: what the peer or the connection said.</param>
public readonly record struct CallResult<T>(CallStatus Status, T? Value, Refusal? Reason, string? Detail)
{
    public bool IsAnswered => Status == CallStatus.Answered;

    internal static CallResult<T> Answered(T value) => new(CallStatus.Answered, value, null, null);

    internal static CallResult<T> Silent(string detail) => new(CallStatus.Silent, default, null, detail);

    internal static CallResult<T> NotInThisContract(string detail) => new(CallStatus.OtherContract, default, null, detail);

    internal static CallResult<T> RefusedFor(Refusal reason, string detail) =>
        new(reason == Refusal.NotMember ? CallStatus.NotMember : CallStatus.Refused, default, reason, detail);
}
