using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>The failures that Zave's proof (TSE 2017 §III) allows: none leaves a member without a living successor, or fewer than r + 1 principals.</summary>
/// <remarks>
/// In the proof, reading another peer and writing oneself are one step. Here an answer takes time, so a list that is on its way to its reader counts beside the
/// one that the reader still has.
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
        if (!_lists.TrueForAll(entry => HasLiving(entry.List)))
            return ContractBreach.AllSuccessorsLost;
        return countsPrincipals && CountPrincipals() <= ring.Parameters.SuccessorListLength ? ContractBreach.TooFewPrincipals : null;
    }

    /// <summary>
    /// Whether a ring that began as one peer has formed: r + 1 principals exist, and nobody takes a list for the whole ring any more. Until then no failure is
    /// allowed, and the invariant has yet to come about.
    /// </summary>
    public bool HasFormed()
    {
        Gather(leaving: null);
        return CountPrincipals() > ring.Parameters.SuccessorListLength && _lists.TrueForAll(entry => !entry.List.SpansRing);
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
                _lists.Add((peer.Self, ListAfter(peer.State, call.Target, call.Answer as Neighbors)));
        }
    }

    private static SuccessorList ListAfter(PeerState asker, PeerRef teller, Neighbors? told)
    {
        int length = asker.Parameters.SuccessorListLength;
        if (told is null)
            return asker.Successors.First == teller ? asker.Successors.WithoutFirst() : asker.Successors;
        return asker.IsMember
            ? SuccessorList.Behind(asker.Self, teller, told.Successors, length, out _)
            : SuccessorList.AtBirth(asker.Self, teller, told.Successors, length, out _);
    }

    private bool HasLiving(SuccessorList list)
    {
        foreach (PeerRef entry in list.Peers)
        {
            if (_left.Contains(entry))
                return true;
        }
        return false;
    }

    private int CountPrincipals()
    {
        int principals = 0;
        foreach (PeerRef member in _left)
            principals += _lists.TrueForAll(entry => !LeavesOut(entry.Self, entry.List, member.Id)) ? 1 : 0;
        return principals;
    }

    /// <summary>Whether two neighbouring entries of [self, list] have this identifier between them (Zave's <i>skips</i>).</summary>
    private static bool LeavesOut(PeerRef self, SuccessorList list, Identifier id)
    {
        Identifier before = self.Id;
        foreach (PeerRef entry in list.Peers)
        {
            if (id.IsBetween(before, entry.Id))
                return true;
            before = entry.Id;
        }
        return false;
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
