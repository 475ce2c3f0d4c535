using System.Diagnostics;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>A number for each kind of event, for trace hashes: never change one.</summary>
internal static class EventCodes
{
    public static long Of(ChordEvent input) => input switch
    {
        ChordEvent.StabilizeDue => 1,
        ChordEvent.FixFingersDue => 2,
        ChordEvent.NeighborsAsked => 3,
        ChordEvent.NeighborsTold told => About(4, told.Peer),
        ChordEvent.NeighborsNotTold notTold => About(5, notTold.Peer),
        ChordEvent.Notified notified => About(6, notified.Peer),
        ChordEvent.PingAnswered answered => About(7, answered.Peer),
        ChordEvent.PingNotAnswered notAnswered => About(8, notAnswered.Peer),
        ChordEvent.Suspected suspected => About(9, suspected.Peer),
        ChordEvent.Departed departed => About(10, departed.Peer),
        ChordEvent.LookupEnded { Outcome.Owner: { } owner } => About(11, owner),
        ChordEvent.LookupEnded => 12,
        ChordEvent.StartRing => 13,
        ChordEvent.StandAlone => 14,
        ChordEvent.JoinThrough through => About(15, through.Contact),
        ChordEvent.LeaveRequested => 16,
        ChordEvent.HandedOver => 17,
        _ => throw new UnreachableException($"No code for {input}."),
    };

    private static long About(long code, PeerRef peer) => code | ((long)HostNames.HostOf(peer) << 8);
}
