using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Where a peer stands on its way into the ring: the production host's way, with its delays.</summary>
internal sealed class RingEntry
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan ForgettingDelay = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan LonelyInterval = TimeSpan.FromSeconds(2);
    public const double DelayGrowth = 1.6;
    public const int RoundsBeforeAlone = 3;
    public const int LooksBeforeGoingFirst = 3;

    /// <summary>Hosts to join through, tried in turn.</summary>
    public int[] Targets { get; set; } = [];

    /// <summary>The targets of its start: it goes back to them when it has lost the ring.</summary>
    public int[] StartTargets { get; set; } = [];

    /// <summary>Those who were its successors when it last had any.</summary>
    public SuccessorList Remembered { get; set; } = SuccessorList.Alone;

    public bool MayStandAlone { get; set; }

    public EntryStage Stage { get; set; }

    /// <summary>The target being tried.</summary>
    public int Try { get; set; }

    public int Round { get; set; }

    public TimeSpan Delay { get; set; } = FirstDelay;

    /// <summary>Whether the pause before the next round is the short one, since a former self is being forgotten.</summary>
    public bool Forgetting { get; set; }

    /// <summary>How often it has looked round since it was alone.</summary>
    public int Looks { get; set; }

    /// <summary>Tells an expired wait from one that is still on.</summary>
    public int Turn { get; set; }

    public void Joined()
    {
        Turn++;
        Stage = EntryStage.Idle;
        Looks = 0;
    }

    public void Reset()
    {
        Targets = StartTargets = [];
        Remembered = SuccessorList.Alone;
        MayStandAlone = false;
        Stage = EntryStage.Idle;
        Try = Round = Looks = 0;
        Delay = FirstDelay;
        Forgetting = false;
        Turn++;
    }
}

internal enum EntryStage
{
    /// <summary>In a ring, or not started.</summary>
    Idle,

    /// <summary>A target was asked who it is.</summary>
    Introducing,

    /// <summary>The protocol is joining; its outcome is awaited.</summary>
    Joining,

    /// <summary>All targets were tried; the next round waits.</summary>
    Pausing,

    /// <summary>Alone: looks for company now and then.</summary>
    Lonely,

    /// <summary>Alone, and asking one of those it knew.</summary>
    LookingRound,
}
