using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>The rules that peers follow: the production machine, or for comparison another one over the same states, events and effects.</summary>
public delegate Step ProtocolRules(PeerState state, ChordEvent input);

/// <summary>All that settles a simulated ring beforehand. The same options and the same calls make the same run, to the last event.</summary>
public sealed record RingOptions
{
    public required Seed Seed { get; init; }

    public ChordParameters Parameters { get; init; } = new();

    public NetworkOptions Network { get; init; } = new();

    public PeerTimings Timings { get; init; } = new();

    /// <summary>Default: <see cref="ChordProtocol.Handle"/>, as it is.</summary>
    public ProtocolRules Rules { get; init; } = ChordProtocol.Handle;

    /// <summary>What stands between our peers and their calls to seed peers, for faults put in by hand; null: nothing.</summary>
    public Func<ISeedCalls, ISeedCalls>? SeedCalls { get; init; }

    /// <summary>How what is stored moves; null: nothing is stored.</summary>
    public IStorageModel? Storage { get; init; }
}
