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

    /// <summary>Something is newest at a peer that its owner does not count on, and that has yet to bring it there.</summary>
    public bool SomeIsOnItsWay()
    {
        SimulatedPeer[] members = [.. ring.Peers.Where(peer => peer.IsAlive).OrderBy(peer => peer.Self.Id)];
        foreach (SimulatedPeer peer in members)
        {
            foreach (ObjectEntry entry in storage.StateOf(peer).Index.All)
            {
                int owner = OwnerOf(entry.Id, members);
                if ((Array.IndexOf(members, peer) - owner + members.Length) % members.Length >= storage.Options.Copies
                    && !storage.StateOf(members[owner]).Index.Has(entry.Id, entry.Version))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Null when each object is at its owner and the next peers, and nowhere else; else one that is not.</summary>
    public string? Misplaced()
    {
        SimulatedPeer[] members = [.. ring.Peers.Where(peer => peer.IsAlive).OrderBy(peer => peer.Self.Id)];
        foreach (Identifier id in members.SelectMany(peer => storage.StateOf(peer).Index.All).Select(entry => entry.Id).Distinct())
        {
            int owner = OwnerOf(id, members);
            ObjectVersion? latest = storage.StateOf(members[owner]).Index.VersionOf(id);
            for (int i = 0; i < members.Length; i++)
            {
                ObjectVersion? version = storage.StateOf(members[i]).Index.VersionOf(id);
                bool holds = version is not null;
                bool should = (i - owner + members.Length) % members.Length < storage.Options.Copies;
                if (holds != should)
                    return $"object {id} is {(holds ? "still" : "not")} at peer {members[i].Self.Id}, {i - owner} behind its owner";
                if (should && version != latest)
                    return $"object {id} is {version} at peer {members[i].Self.Id}, and {latest} at its owner";
            }
        }
        return null;
    }

    private int OwnerOf(Identifier id, SimulatedPeer[] members)
    {
        Identifier place = ObjectPlace.Of(id, ring.Parameters.Bits);
        return Array.FindIndex(members, peer => peer.Self.Id >= place) is var index && index >= 0 ? index : 0;
    }

    /// <summary>Nothing is under way: every object is at its owner and the next peers, and nowhere else.</summary>
    public bool IsQuiet() => NotWhole() is null && Misplaced() is null;
}
