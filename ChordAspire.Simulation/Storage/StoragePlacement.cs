using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Whether every object is where it belongs, as an observer of all peers sees it.</summary>
internal sealed class StoragePlacement(SimulatedRing ring, SimulatedStorage storage)
{
    /// <summary>Null when every peer is in the ideal ring, has settled and agrees with its replicas; else who does not.</summary>
    public string? NotWhole()
    {
        if (!ring.Snapshot().IsIdeal || ring.Peers.Any(peer => peer.IsAlive && peer.State.Phase != MemberPhase.Member))
            return "the ring is not ideal";
        foreach (SimulatedPeer peer in ring.Peers.Where(peer => peer.IsAlive))
        {
            if (!storage.StateOf(peer).Replicated)
            {
                ReplicationState state = storage.StateOf(peer);
                return $"peer {peer.Self.Id} has unheard [{string.Join(' ', state.Unheard)}] and lagging [{string.Join(' ', state.Lagging)}]";
            }
        }
        return null;
    }

    /// <summary>Null when each object is at its owner and the next peers, and nowhere else; else one that is not.</summary>
    public string? Misplaced()
    {
        SimulatedPeer[] members = [.. ring.Peers.Where(peer => peer.IsAlive).OrderBy(peer => peer.Self.Id)];
        foreach (Identifier id in members.SelectMany(peer => storage.StateOf(peer).Index.All).Select(entry => entry.Id).Distinct())
        {
            Identifier place = ObjectPlace.Of(id, ring.Parameters.Bits);
            int owner = Array.FindIndex(members, peer => peer.Self.Id >= place) is var index && index >= 0 ? index : 0;
            for (int i = 0; i < members.Length; i++)
            {
                bool holds = storage.StateOf(members[i]).Index.VersionOf(id) is not null;
                bool should = (i - owner + members.Length) % members.Length < storage.Options.Copies;
                if (holds != should)
                    return $"object {id} is {(holds ? "still" : "not")} at peer {members[i].Self.Id}, {i - owner} behind its owner";
            }
        }
        return null;
    }

    /// <summary>Nothing is under way: every object is at its owner and the next peers, and nowhere else.</summary>
    public bool IsQuiet() => NotWhole() is null && Misplaced() is null;
}
