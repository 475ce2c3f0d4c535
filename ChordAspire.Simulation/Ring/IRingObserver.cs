using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Sees everything that happens in a simulated ring. It must not change anything in it.</summary>
public interface IRingObserver
{
    /// <summary>A peer has handled one event, and its effects are on their way.</summary>
    void Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step);

    /// <summary>A peer was started, or its process ended.</summary>
    void LivenessChanged(SimulatedPeer peer);

    /// <summary>A peer will drop its living successor, since it was silent for too long: the failure detector was wrong, which Zave's proof excludes.</summary>
    void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent);

    /// <summary>A client's lookup came to an end; its outcome is set. The protocol's own lookups, for fingers and places, are not told.</summary>
    void LookupEnded(LookupRun run)
    {
    }
}
