using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What one peer asks or tells another. Their numbers enter trace hashes: never change them.</summary>
public enum CallKind
{
    Introduce = 0,
    Route = 1,
    ReadNeighbors = 2,
    Ping = 3,
    Notify = 4,
    Depart = 5,
}

/// <summary>One call under way. It ends exactly once for the asker: with an answer, or with silence.</summary>
internal sealed class Call(CallKind kind, SimulatedPeer asker, PeerRef target, int targetHost)
{
    public CallKind Kind => kind;

    public SimulatedPeer Asker => asker;

    /// <summary>The asker's life: an answer to a former life is lost.</summary>
    public int AskerLife { get; } = asker.Life;

    public PeerRef Target => target;

    public int TargetHost => targetHost;

    public long Sent { get; set; }

    /// <summary>When the asker gives up, in ticks.</summary>
    public long Deadline { get; set; }

    /// <summary>The protocol's number for a question about neighbours.</summary>
    public int Question { get; init; }

    /// <summary>Whether silence is followed by a second, longer try, as the host does for maintenance.</summary>
    public bool TryAgain { get; set; }

    /// <summary>The lookup that waits for it; null for other calls.</summary>
    public LookupRun? Lookup { get; set; }

    /// <summary>What came back: neighbours, a route or an introduction; null: no member, or nothing.</summary>
    public object? Answer { get; set; }

    /// <summary>Whether anything came back at all: a peer that is no member says so.</summary>
    public bool CameBack { get; set; }

    /// <summary>Whether it has ended for the asker: whatever comes later is too late.</summary>
    public bool Ended { get; set; }

    /// <summary>Of whom a notification speaks; null: of the asker itself.</summary>
    public PeerRef? Who { get; init; }

    /// <summary>What waits for the outcome in a ring with seed peers; null: the switch over kinds takes it.</summary>
    public TaskCompletionSource<Call>? Done { get; set; }

    /// <summary>Whether the asker waits for the outcome.</summary>
    public bool HasOutcome => Done is not null || kind is not (CallKind.Notify or CallKind.Depart);
}

/// <summary>What a peer says of itself to whoever wants to join through it.</summary>
internal sealed record Introduced(PeerRef Self, MemberPhase Phase, bool Alone);
