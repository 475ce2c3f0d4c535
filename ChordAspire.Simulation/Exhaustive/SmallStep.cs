namespace ChordAspire.Simulation;

/// <summary>One atomic step of the exhaustive check: what happened to whom.</summary>
internal readonly record struct SmallStep(SmallStepKind Kind, byte Place, byte Other)
{
    public override string ToString() => Kind switch
    {
        SmallStepKind.Ask => $"{Place} goes on stabilizing with {Other}",
        SmallStepKind.Notify => $"{Other} is notified by {Place}",
        SmallStepKind.Join => $"{Place} joins behind {Other}",
        _ => $"{Place} {Kind.ToString().ToLowerInvariant()}s",
    };
}

internal enum SmallStepKind : byte
{
    Start,

    /// <summary>The stabilize timer rings, and the first question is answered.</summary>
    Stabilize,

    /// <summary>The question under way is answered.</summary>
    Ask,

    /// <summary>The other timer rings: reconcile and flush of the original protocol.</summary>
    Reconcile,

    Notify,

    Join,

    Fail,
}

/// <summary>A ring that a step leads to.</summary>
/// <param name="Tripped">Whether a peer's own monitor saw something in the step.</param>
internal readonly record struct Reached(ulong Ring, SmallStep Step, bool Tripped);
