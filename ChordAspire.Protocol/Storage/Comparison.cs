using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>Why two peers compare what they hold.</summary>
internal enum ComparisonPurpose
{
    /// <summary>We own the arc, the other holds copies: both get what they lack.</summary>
    Replica,

    /// <summary>We own the arc since a short while, the other has objects of it and need not keep them: we get what we lack.</summary>
    Source,

    /// <summary>The other owns the arc and we have no business with it: it gets what it lacks, and we forget what it has.</summary>
    Stray,

    /// <summary>We leave: the other gets what it lacks.</summary>
    Farewell,
}

/// <summary>A comparison under way: questions still open, and objects still to be copied.</summary>
/// <param name="Arc">What is compared. Null in the first question about strays: the owner has to say what it owns.</param>
/// <param name="Snapshot">What was held when it began: only of this can be said that the other has it too.</param>
internal sealed record Comparison(ComparisonPurpose Purpose, PeerRef Peer, int Number, Arc? Arc, ObjectIndex Snapshot)
{
    /// <summary>Copies under way at once.</summary>
    private const int MaxTransfers = 8;

    /// <summary>While so many copies wait, no more questions are asked: what waits is bounded by this and one answer.</summary>
    private const int MaxWaiting = 256;

    public ImmutableQueue<ArcQuestion> Questions { get; init; } = [];

    /// <summary>What was asked last and has not been answered yet.</summary>
    public ImmutableArray<ArcQuestion> Asked { get; init; } = [];

    public bool Asking { get; init; }

    public ImmutableQueue<ObjectEntry> ToFetch { get; init; } = [];

    public ImmutableQueue<ObjectEntry> ToPush { get; init; } = [];

    public int Waiting { get; init; }

    public int Transfers { get; init; }

    /// <summary>A copy failed: what was found is right, but not all of it was mended.</summary>
    public bool Failed { get; init; }

    /// <summary>Since it began the other has missed something, or we got what it may not have: they need not agree when it is over.</summary>
    public bool Outdated { get; init; }

    /// <summary>Something was copied to the other, whose replicas need not have it.</summary>
    public bool Pushed { get; init; }

    /// <summary>The last that the other said of itself: all its replicas agree with it, and it does not count on us.</summary>
    public bool PeerReplicated { get; init; }

    public bool IsOver => !Asking && Questions.IsEmpty && Waiting == 0 && Transfers == 0;

    private bool Fetches => Purpose is ComparisonPurpose.Replica or ComparisonPurpose.Source;

    private bool Pushes => Purpose is not ComparisonPurpose.Source;

    /// <summary>With what an answer told.</summary>
    public Comparison With(ArcDifferences differences)
    {
        Comparison next = this;
        foreach (ArcQuestion question in differences.Questions)
            next = next with { Questions = next.Questions.Enqueue(question) };
        if (Fetches)
        {
            foreach (ObjectEntry entry in differences.Newer)
                next = next with { ToFetch = next.ToFetch.Enqueue(entry), Waiting = next.Waiting + 1 };
        }
        if (Pushes)
        {
            foreach (ObjectEntry entry in differences.Older)
                next = next with { ToPush = next.ToPush.Enqueue(entry), Waiting = next.Waiting + 1 };
        }
        return next;
    }

    /// <summary>Starts as much as may be under way at once.</summary>
    public Comparison GoOn(Arc? claim, List<ReplicationEffect> effects)
    {
        Comparison next = this;
        while (next.Transfers < MaxTransfers && next.Waiting > 0)
        {
            next = next with { Transfers = next.Transfers + 1, Waiting = next.Waiting - 1 };
            if (next.ToFetch.IsEmpty)
            {
                next = next with { ToPush = next.ToPush.Dequeue(out ObjectEntry pushed), Pushed = true };
                effects.Add(new ReplicationEffect.Push(Peer, Number, pushed));
            }
            else
            {
                next = next with { ToFetch = next.ToFetch.Dequeue(out ObjectEntry fetched) };
                effects.Add(new ReplicationEffect.Fetch(Peer, Number, fetched));
            }
        }
        if (next.Asking || next.Waiting > MaxWaiting || next.Questions.IsEmpty)
            return next;
        var asked = ImmutableArray.CreateBuilder<ArcQuestion>();
        while (asked.Count < ArcComparison.MaxQuestions && !next.Questions.IsEmpty)
        {
            next = next with { Questions = next.Questions.Dequeue(out ArcQuestion question) };
            asked.Add(question);
        }
        next = next with { Asked = asked.DrainToImmutable(), Asking = true };
        effects.Add(new ReplicationEffect.AskArcs(Peer, Number, claim, next.Asked));
        return next;
    }
}
