using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What came of many lookups.</summary>
public sealed class LookupTally
{
    private readonly List<double> _hopsToPredecessor = [];
    private readonly List<double> _hops = [];
    private readonly List<double> _timeouts = [];
    private readonly List<double> _timeoutsInAll = [];
    private readonly List<double> _milliseconds = [];

    /// <summary>Lookups that ended. One whose asker died before is in none of the counts.</summary>
    public int Ended { get; private set; }

    /// <summary>Lookups that named no owner, or a peer that was not the owner at any end of the lookup: neither when it began nor when it ended.</summary>
    public int Failed { get; private set; }

    /// <summary>Lookups that did not name the owner at the moment they ended; those that failed included.</summary>
    public int NotOwnerAtEnd { get; private set; }

    /// <summary>Peers asked that answered, up to the key's predecessor: the papers' path length.</summary>
    public Distribution HopsToPredecessor => new(_hopsToPredecessor);

    /// <summary>Peers asked that answered, the owner included.</summary>
    public Distribution Hops => new(_hops);

    /// <summary>Peers asked on the way to the key's predecessor that did not answer: the papers' timeouts.</summary>
    public Distribution Timeouts => new(_timeouts);

    /// <summary>All peers asked that did not answer: dead owners, which the papers do not ask, are among them.</summary>
    public Distribution TimeoutsInAll => new(_timeoutsInAll);

    /// <summary>From beginning to end, in milliseconds, of lookups that did not fail.</summary>
    public Distribution Milliseconds => new(_milliseconds);

    /// <summary>Counts one lookup.</summary>
    /// <param name="ownerBefore">The true owner when it began.</param>
    /// <param name="ownerNow">The true owner when it ended.</param>
    public void Count(LookupRun run, PeerRef? ownerBefore, PeerRef? ownerNow)
    {
        LookupOutcome outcome = run.Outcome!;
        int silent = outcome.Unanswered;
        int silentOwners = 0;
        foreach (LookupHop hop in outcome.Path)
        {
            // At or behind the key, and not behind the true owner: it was asked as the owner, and not on the way there.
            if (!hop.Answered && ownerNow is not null && run.Key.DistanceTo(hop.Peer.Id) <= run.Key.DistanceTo(ownerNow.Id))
                silentOwners++;
        }
        Ended++;
        bool isOwnerNow = outcome.Owner is not null && outcome.Owner == ownerNow;
        bool failed = outcome.Owner is null || (!isOwnerNow && outcome.Owner != ownerBefore);
        NotOwnerAtEnd += isOwnerNow ? 0 : 1;
        Failed += failed ? 1 : 0;
        _hopsToPredecessor.Add(outcome.HopsToPredecessor);
        _hops.Add(outcome.Hops - silent);
        _timeouts.Add(silent - silentOwners);
        _timeoutsInAll.Add(silent);
        if (!failed)
            _milliseconds.Add(run.Duration.TotalMilliseconds);
    }

    public void Add(LookupTally other)
    {
        Ended += other.Ended;
        Failed += other.Failed;
        NotOwnerAtEnd += other.NotOwnerAtEnd;
        _hopsToPredecessor.AddRange(other._hopsToPredecessor);
        _hops.AddRange(other._hops);
        _timeouts.AddRange(other._timeouts);
        _timeoutsInAll.AddRange(other._timeoutsInAll);
        _milliseconds.AddRange(other._milliseconds);
    }

    public static LookupTally Sum(IEnumerable<LookupTally> tallies)
    {
        var sum = new LookupTally();
        foreach (LookupTally tally in tallies)
            sum.Add(tally);
        return sum;
    }
}
