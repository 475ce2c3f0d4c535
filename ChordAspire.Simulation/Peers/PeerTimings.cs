namespace ChordAspire.Simulation;

/// <summary>The clocks of a peer: the same options, with the same defaults, as the production host has.</summary>
public sealed record PeerTimings
{
    /// <summary>Between two stabilize rounds. Default 0.3 to 0.5 s: the host's 400 ms, give or take a quarter. SIGCOMM 2001 and ToN 2003 have 15 to 45 s.</summary>
    public Interval Stabilize { get; init; } = Interval.Around(TimeSpan.FromMilliseconds(400));

    /// <summary>Between two fingers looked up. Default 0.75 to 1.25 s; null: fingers are never fixed.</summary>
    public Interval? FixFingers { get; init; } = Interval.Around(TimeSpan.FromSeconds(1));

    /// <summary>Fingers looked up each time the timer rings. Default 1, as the host does. The papers refresh all of them in one round.</summary>
    public int FingersAtOnce { get; init; } = 1;

    /// <summary>No neighbour is found silent sooner. Default 400 ms.</summary>
    public TimeSpan CallTimeoutMin { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>No neighbour is waited for longer at the first try. Default 2 s. Equal to the minimum, it makes the timeout fixed.</summary>
    public TimeSpan CallTimeoutMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A whole lookup. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Peers asked in one lookup at the most. Default 128.</summary>
    public int MaxHops { get; init; } = 128;

    /// <summary>How long handing over takes when leaving. Default none: there is nothing to hand over yet.</summary>
    public TimeSpan HandOver { get; init; }
}

/// <summary>A time drawn anew, uniformly, each time it is needed.</summary>
public readonly record struct Interval(TimeSpan Min, TimeSpan Max)
{
    /// <summary>Give or take a quarter, as the host draws its intervals.</summary>
    public static Interval Around(TimeSpan mean) => new(0.75 * mean, 1.25 * mean);

    public TimeSpan Draw(Chance chance) => chance.Uniform(Min, Max);
}
