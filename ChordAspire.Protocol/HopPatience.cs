namespace ChordAspire.Protocol;

/// <summary>How long the asker of a lookup waits for one hop. Every driver of lookups follows it.</summary>
public static class HopPatience
{
    /// <summary>
    /// A hop that is only slow is gone round without harm, and gets longer in the next attempt; of the owner we want to be sure, since going round it would
    /// name the wrong peer.
    /// </summary>
    /// <param name="isOwnerCandidate">Whether the peer would be named as owner if it answered.</param>
    /// <param name="usual">The neighbour's own timeout, from its round trips.</param>
    /// <param name="attempt">1 for the first attempt of the lookup.</param>
    /// <param name="max">The longest timeout of a call.</param>
    /// <param name="left">What is left of the lookup's deadline.</param>
    public static TimeSpan Of(bool isOwnerCandidate, TimeSpan usual, int attempt, TimeSpan max, TimeSpan left)
    {
        TimeSpan patience = isOwnerCandidate || usual * attempt > max ? max : usual * attempt;
        return patience < left ? patience : left;
    }
}
