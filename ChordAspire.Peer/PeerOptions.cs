using System.Net;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>How this peer runs. Read and checked once, at start, by <see cref="PeerOptionsReader"/>.</summary>
internal sealed record PeerOptions
{
    /// <summary>Identifier and advertised address. <c>NODE_ID</c>, default SHA-1 of the address; <c>SOURCE_ADDRESS</c>, default 127.0.0.1 and the port.</summary>
    public required PeerRef Self { get; init; }

    /// <summary>What all peers of the ring must agree on. <c>CHORD_ID_BITS</c>, 1 to 160, default 160; <c>Chord:SuccessorListLength</c>, 2 to 32, default 4.</summary>
    public required ChordParameters Ring { get; init; }

    /// <summary>Peers to join through, tried in turn. <c>TARGET_ADDRESS</c>, separated by commas; empty starts a ring.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>
    /// Whether it starts a ring when none of the targets answers: its own address stands among them in <c>TARGET_ADDRESS</c>. For the one peer of a ring
    /// that everyone joins through: when all peers start again at once, somebody has to begin.
    /// </summary>
    public required bool StartsRingWithoutTargets { get; init; }

    /// <summary>Where the two endpoints listen. <c>Chord:BindAddress</c>, an IP address; default loopback, so that nothing is open to the network unless told.</summary>
    public required IPAddress BindAddress { get; init; }

    /// <summary>gRPC. <c>PORT</c>, 1 to 65535, default 50051.</summary>
    public required int Port { get; init; }

    /// <summary>Health and the peer's page for machines. <c>HTTP_PORT</c>, 1 to 65535, default <c>PORT</c> + 1000.</summary>
    public required int HttpPort { get; init; }

    /// <summary>Time between two stabilize rounds, give or take a quarter. 10 ms to 1 h, default 400 ms. Repair takes a few of them; each costs one call in a quiet ring.</summary>
    public required TimeSpan StabilizeInterval { get; init; }

    /// <summary>Time between two fingers looked up, give or take a quarter. 10 ms to 1 h, default 1 s. Only speeds up lookups.</summary>
    public required TimeSpan FixFingersInterval { get; init; }

    /// <summary>No neighbour is found silent sooner. 10 ms to 1 min, default 400 ms.</summary>
    public required TimeSpan CallTimeoutMin { get; init; }

    /// <summary>No neighbour is waited for longer. At least the minimum, to 1 min, default 2 s, or the minimum where that is longer.</summary>
    public required TimeSpan CallTimeoutMax { get; init; }

    /// <summary>A whole lookup, put or get. 100 ms to 10 min, default 10 s.</summary>
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>Peers asked in one lookup at the most. 8 to 1,024, default 128.</summary>
    public required int MaxHops { get; init; }

    /// <summary>Leaving the ring in order, hand-over included. 100 ms to 10 min, default 4 s: orchestrators kill what takes longer than 5 to 10 s.</summary>
    public required TimeSpan LeaveTimeout { get; init; }

    /// <summary>
    /// Whether callers on other machines may tell this peer to leave the ring. <c>Chord:AllowRemoteLeave</c>, default no: nobody is authenticated here, and
    /// a ring could be taken down from afar.
    /// </summary>
    public required bool AllowRemoteLeave { get; init; }

    /// <summary>Whether housekeeping leaves spans too. Default no: a dashboard that keeps 10,000 traces would keep nothing else.</summary>
    public required bool TraceMaintenance { get; init; }

    /// <summary>How it keeps objects.</summary>
    public required StorageOptions Storage { get; init; }
}
