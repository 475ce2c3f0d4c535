using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>The methods of the seed's contract that keep a ring.</summary>
internal enum SeedMethod
{
    FindSuccessor,
    GetPredecessor,
    GetFingerTable,
    Notify,
    UpdateSuccessor,
    UpdatePredecessor,
}

/// <summary>One call in the seed's contract. It ends at most once for the asker: without a deadline, maybe never.</summary>
/// <param name="id">What <c>FindSuccessor</c> is asked for.</param>
/// <param name="who">Whom the asker tells of.</param>
internal sealed class SeedCall(SeedMethod method, SimulatedPeer asker, int targetHost, Identifier id, PeerRef? who)
{
    public SeedMethod Method => method;

    public SimulatedPeer Asker => asker;

    public int TargetHost => targetHost;

    public Identifier Id => id;

    public PeerRef? Who => who;

    /// <summary>Whether the asker has a deadline of its own. Seed peers have none.</summary>
    public bool HasDeadline { get; init; }

    /// <summary>The asker's life: an answer to a former life is lost.</summary>
    public int AskerLife { get; } = asker.Life;

    /// <summary>Whether it has ended for the asker.</summary>
    public bool IsOver { get; private set; }

    public Task<SeedResult> Outcome => _outcome.Task;

    private readonly TaskCompletionSource<SeedResult> _outcome = new();

    /// <summary>What waits for it goes on at once, in this very moment of virtual time.</summary>
    public void End(SeedResult result)
    {
        if (IsOver)
            return;
        IsOver = true;
        _outcome.SetResult(result);
    }
}

/// <summary>How a call in the seed's contract ended.</summary>
internal readonly record struct SeedResult(SeedCallEnd End, PeerRef? Peer, ImmutableArray<PeerRef> Fingers)
{
    public static SeedResult Failed => new(SeedCallEnd.Failed, null, []);

    public static SeedResult TimedOut => new(SeedCallEnd.TimedOut, null, []);

    public static SeedResult Nobody => new(SeedCallEnd.Answered, null, []);

    public static SeedResult Of(PeerRef? peer) => new(SeedCallEnd.Answered, peer, []);

    public bool IsAnswered => End == SeedCallEnd.Answered;
}

internal enum SeedCallEnd
{
    Answered,

    /// <summary>Refused, broken off, or an error.</summary>
    Failed,

    TimedOut,
}
