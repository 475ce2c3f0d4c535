using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What one life of a peer knows of objects: the replication machine and the disk under it.</summary>
internal sealed class StorageHost(SimulatedPeer peer, SimulatedDisk disk, ReplicationState state, TimeSpan clockError)
{
    public SimulatedPeer Peer => peer;

    public SimulatedDisk Disk => disk;

    public int Life { get; } = peer.Life;

    public TimeSpan ClockError => clockError;

    public ReplicationState State { get; set; } = state;

    /// <summary>Whether the process that this belongs to still runs.</summary>
    public bool IsAlive => peer.IsAlive && peer.Life == Life;

    /// <summary>All that could be handed over has been.</summary>
    public bool LeaveReady { get; set; }

    public TimeSpan LeavingSince { get; set; }
}
