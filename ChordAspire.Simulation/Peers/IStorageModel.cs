using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>The seam for what peers store: how the simulated host carries out the effects that move it.</summary>
public interface IStorageModel
{
    /// <summary>The arc of <paramref name="from"/> has shrunk: what lies outside it belongs to its owner.</summary>
    void HandOver(SimulatedPeer from, PeerRef to);

    /// <summary>It leaves: everything it owns goes to its successor.</summary>
    /// <returns>How long that takes.</returns>
    TimeSpan HandOverEverything(SimulatedPeer from);

    /// <summary>That time is up.</summary>
    /// <returns>How much longer it takes; zero: it is done.</returns>
    TimeSpan MoreToHandOver(SimulatedPeer from);

    /// <summary>Its process died, with its disk or without.</summary>
    void Died(SimulatedPeer peer, bool diskSurvives);
}

/// <summary>Nothing is stored; leaving takes as long as the options say.</summary>
internal sealed class NothingStored(TimeSpan leaving) : IStorageModel
{
    public void HandOver(SimulatedPeer from, PeerRef to)
    {
    }

    public TimeSpan HandOverEverything(SimulatedPeer from) => leaving;

    public TimeSpan MoreToHandOver(SimulatedPeer from) => TimeSpan.Zero;

    public void Died(SimulatedPeer peer, bool diskSurvives)
    {
    }
}
