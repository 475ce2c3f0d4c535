namespace ChordAspire.Simulation;

/// <summary>What the network does to messages while nothing special happens to it.</summary>
public sealed record NetworkOptions
{
    public LatencyModel Latency { get; init; } = new ConstantLatency(TimeSpan.FromMilliseconds(1));

    /// <summary>Part of messages that are lost, each way for itself. 0 to 1, default 0.</summary>
    public double Loss { get; init; }

    /// <summary>Part of requests that arrive a second time, later. 0 to 1, default 0.</summary>
    public double Duplication { get; init; }

    /// <summary>Part of messages that are held up on their way, so that later ones overtake them. 0 to 1, default 0.</summary>
    public double Reordering { get; init; }

    /// <summary>How long a message is held up at the most; uniform. Default 200 ms.</summary>
    public TimeSpan ReorderingDelayMax { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether the host of a peer that is not there refuses connections at once, as a host does whose process died; otherwise there is only silence.</summary>
    public bool DeadPeersRefuse { get; init; }
}
