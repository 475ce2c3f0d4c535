using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Handing over takes until the contract allows the peer to go; when faults have stopped nobody goes any more. In a real ring nothing grants that, which is why it is a contract.</summary>
internal sealed class LeavingByContract(TimeSpan handOver) : IStorageModel
{
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(100);

    /// <summary>Set once the ring it belongs to is there.</summary>
    public FaultInjector? Injector { get; set; }

    public void HandOver(SimulatedPeer from, PeerRef to)
    {
    }

    public TimeSpan HandOverEverything(SimulatedPeer from) => handOver;

    public TimeSpan MoreToHandOver(SimulatedPeer from) => !Injector!.IsStopped && Injector.MayFail(from) ? TimeSpan.Zero : Later;

    public void Died(SimulatedPeer peer, bool diskSurvives)
    {
    }
}
