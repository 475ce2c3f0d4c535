using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>The failures that Zave's proof (TSE 2017 §III) allows: none leaves a member without a living successor, or fewer than r + 1 principals.</summary>
/// <remarks>
/// In the proof, reading another peer and writing oneself are one step. Here an answer takes time, so a list that is on its way to its reader counts beside the
/// one that the reader still has, unless the reader's round will be taken back.
/// </remarks>
/// <param name="ring">The ring it judges.</param>
/// <param name="countsPrincipals">Whether principals count: the original protocol was only ever promised living successors.</param>
public sealed class FailureContract(SimulatedRing ring, bool countsPrincipals = true)
{
    private readonly List<(PeerRef Self, SuccessorList List)> _lists = [];
    private readonly List<PeerRef> _left = [];

    /// <summary>Why this peer must not fail now; null when it may.</summary>
    public ContractBreach? BreachIfFailed(SimulatedPeer peer)
    {
        if (!peer.State.IsMember)
            return null;
        Gather(peer);
        return ContractRules.BreachOf(_left, _lists, ring.Parameters.SuccessorListLength, countsPrincipals);
    }

    /// <summary>
    /// Whether a ring that began as one peer has formed: r + 1 principals exist, and nobody takes a list for the whole ring any more. Until then no failure is
    /// allowed, and the invariant has yet to come about.
    /// </summary>
    public bool HasFormed()
    {
        Gather(leaving: null);
        return ContractRules.CountPrincipals(_left, _lists) > ring.Parameters.SuccessorListLength && _lists.TrueForAll(entry => !entry.List.SpansRing);
    }

    private void Gather(SimulatedPeer? leaving)
    {
        _lists.Clear();
        _left.Clear();
        foreach (SimulatedPeer peer in ring.Peers)
        {
            if (!peer.IsAlive || peer == leaving)
                continue;
            if (peer.State.IsMember)
            {
                _left.Add(peer.Self);
                _lists.Add((peer.Self, peer.State.Successors));
            }
            if (peer.AnswerUnderWay is { } call)
                _lists.Add((peer.Self, ContractRules.ListAfter(peer.State, call.Target, call.Answer as Neighbors)));
        }
    }
}

/// <summary>Why a run lies outside what the protocol promises anything for.</summary>
public enum ContractBreach
{
    /// <summary>A failure left a member without a living successor.</summary>
    AllSuccessorsLost,

    /// <summary>A failure left fewer than r + 1 principals.</summary>
    TooFewPrincipals,

    /// <summary>A living successor was silent for so long that it was dropped: through a partition, loss, or a long pause.</summary>
    LivingPeerFoundSilent,
}
