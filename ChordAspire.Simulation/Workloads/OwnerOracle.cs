using System.Runtime.InteropServices;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Who owns what in truth: the living members in the order of their identifiers, kept up to date as they come and go.</summary>
public sealed class OwnerOracle : IRingObserver
{
    private readonly List<SimulatedPeer> _members;

    /// <summary>Becomes the ring's observer.</summary>
    public OwnerOracle(SimulatedRing ring)
    {
        _members = [.. ring.Peers.Where(peer => peer.IsLiveMember).OrderBy(peer => peer.Self.Id)];
        ring.Observer = this;
    }

    /// <summary>Living members, in the order of their identifiers.</summary>
    public IReadOnlyList<SimulatedPeer> Members => _members;

    /// <summary>Sees each event after the oracle has; for reports.</summary>
    public IRingObserver? Next { get; init; }

    /// <summary>The first living member at or after the key; null when there is none.</summary>
    public PeerRef? OwnerOf(Identifier key) => _members.Count == 0 ? null : _members[PlaceOf(key) % _members.Count].Self;

    public void Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step)
    {
        if (before.IsMember != step.State.IsMember)
            Update(peer);
        Next?.Handled(peer, before, input, step);
    }

    public void LivenessChanged(SimulatedPeer peer)
    {
        Update(peer);
        Next?.LivenessChanged(peer);
    }

    public void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent) => Next?.WronglyFoundSilent(asker, silent);

    public void LookupEnded(LookupRun run) => Next?.LookupEnded(run);

    private void Update(SimulatedPeer peer)
    {
        int place = PlaceOf(peer.Self.Id);
        bool isListed = place < _members.Count && _members[place] == peer;
        if (peer.IsLiveMember == isListed)
            return;
        if (isListed)
            _members.RemoveAt(place);
        else
            _members.Insert(place, peer);
    }

    /// <summary>How many members come before this identifier.</summary>
    private int PlaceOf(Identifier id) => PlaceInOrder.Of(id, CollectionsMarshal.AsSpan(_members));
}
