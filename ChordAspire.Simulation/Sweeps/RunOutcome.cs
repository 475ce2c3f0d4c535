namespace ChordAspire.Simulation;

/// <summary>How a run ended.</summary>
public enum RunVerdict
{
    /// <summary>Within the contract, and everything that must hold held.</summary>
    Held,

    Violated,

    /// <summary>The faults left the protocol's contract, before anything was violated.</summary>
    OutOfContract,
}

/// <summary>What came of one plan.</summary>
public sealed record RunOutcome
{
    public required RunPlan Plan { get; init; }

    public required RunVerdict Verdict { get; init; }

    public Violation? Violation { get; init; }

    public ContractBreach? Breach { get; init; }

    /// <summary>Equal on every machine for the same plan and the same rules.</summary>
    public required ulong Hash { get; init; }

    public required long Events { get; init; }

    /// <summary>How often the invariant was checked.</summary>
    public required long Checks { get; init; }

    /// <summary>Whether the ring was ideal at the end.</summary>
    public required bool BecameIdeal { get; init; }

    /// <summary>Rounds from the end of faults, or of the last join, to the ideal ring.</summary>
    public required int RoundsToIdeal { get; init; }

    public required Sightings Sightings { get; init; }

    /// <summary>Faults that happened, by kind.</summary>
    public required IReadOnlyList<int> Faults { get; init; }

    /// <summary>Lookups while faults were at work that ended, and those of them that named no owner or one that was not the oracle's at their beginning or end.</summary>
    public required (int Ended, int Failed, int Off) LookupsUnderFaults { get; init; }
}

/// <summary>What a run is measured by.</summary>
public sealed record RunRules
{
    /// <summary>The production machine, and everything counts.</summary>
    public static RunRules Production { get; } = new();

    /// <summary>
    /// The protocol of 2001, of which only those violations count that it cannot repair. Its failure assumption is that nobody loses all his successors at
    /// once (CCR 2012 §2.3).
    /// </summary>
    public static RunRules Original { get; } = new()
    {
        Rules = OriginalProtocol.Handle,
        Counts = Violation.IsUnrepairable,
        ContractCountsPrincipals = false,
        TimersReconcile = true,
    };

    public ProtocolRules Rules { get; init; } = Protocol.ChordProtocol.Handle;

    /// <summary>The kinds that count as violations.</summary>
    public Func<ViolationKind, bool> Counts { get; init; } = _ => true;

    /// <summary>Whether the contract for failures counts principals, or only living successors.</summary>
    public bool ContractCountsPrincipals { get; init; } = true;

    /// <summary>Whether the timer of fingers reconciles instead, as in the original protocol.</summary>
    public bool TimersReconcile { get; init; }

    /// <summary>Makes what sees every event of a run, for reports; null where nothing wants to. Called once per run.</summary>
    public Func<SimulatedRing, IRingObserver?>? Observer { get; init; }

    /// <summary>Ends a run, or the search for a smaller one, before it is over: nothing is known of it then.</summary>
    public CancellationToken Cancellation { get; init; }
}
