using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Zave's contract among our peers in a mixed ring: no failure of one of ours takes the last living one of ours from another's list, or leaves fewer than r + 1
/// principals among ours. Seed peers may fail whenever they like.
/// </summary>
internal sealed class MixedContract(SimulatedRing ring)
{
    /// <summary>Whether a member has one of ours in its list that lives. With r seed peers side by side, or more, the one before them has none.</summary>
    public static Func<SimulatedPeer, bool> HasOurs(SimulatedRing ring) =>
        peer => peer.State.Successors.Peers.Any(entry => ring.Peers[HostNames.HostOf(entry)] is { IsLiveMember: true } other && other.Self == entry);

    public bool MayFail(SimulatedPeer peer)
    {
        if (peer.Seed is not null || !peer.State.IsMember)
            return true;
        Func<SimulatedPeer, bool> hasOurs = HasOurs(ring);
        List<SimulatedPeer> members = [.. ring.Peers.Where(other => other.IsLiveMember && other != peer)];
        List<PeerRef> left = [.. members.Select(other => other.Self)];
        List<(PeerRef Self, SuccessorList List)> lists = [.. members.Where(hasOurs).Select(other => (other.Self, other.State.Successors))];
        foreach (SimulatedPeer other in members)
        {
            if (other.AnswerUnderWay is { Answer: not OtherContract } call)
                lists.Add((other.Self, ContractRules.ListAfter(other.State, call.Target, call.Answer as Neighbors)));
        }
        return ContractRules.BreachOf(left, lists, ring.Parameters.SuccessorListLength, countsPrincipals: true) is null;
    }
}
