using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Writes a run down as a script of the transcripts: the same events and messages in the same order, without time.</summary>
internal static class ScriptWriter
{
    /// <summary>The first line, and a command for each thing that happened and that the language of scripts can say.</summary>
    public static (string Ring, ImmutableArray<string> Commands) Write(RunPlan plan, IEnumerable<RunMoment> moments, bool original)
    {
        string settings = $"bits={plan.Parameters.Bits} successors={plan.Parameters.SuccessorListLength}{(original ? " rules=original" : "")}";
        IEnumerable<ulong> atStart = plan.Peers.Take(plan.PeersAtStart).Select(id => id.ToUInt64());
        string ring = $"{(plan.PeersAtStart == 1 ? "start" : "ring")} {string.Join(' ', atStart)} {settings}";
        return (ring, ["hold", .. moments.SelectMany(moment => CommandsOf(moment, original))]);
    }

    private static IEnumerable<string> CommandsOf(RunMoment moment, bool original)
    {
        ulong self = Number(moment.Peer);
        if (ReferenceEquals(moment.Event, RunMoment.Died))
            return [$"fail {self}"];
        return moment.Event switch
        {
            ChordEvent.StabilizeDue => [$"stabilize {self}"],
            ChordEvent.FixFingersDue when original => [$"fix {self}"],
            ChordEvent.JoinThrough(var contact) => [$"join {self} via {Number(contact)}"],
            ChordEvent.LookupEnded({ Finger: null }, _) => [$"deliver lookup {self}", $"deliver lookup {self}"],
            ChordEvent.NeighborsAsked when moment.Asker is { } asker => [$"deliver question {Number(asker)} {self}"],
            ChordEvent.NeighborsTold(var peer, _, _) => [$"deliver answer {self} {Number(peer)}"],
            ChordEvent.NeighborsNotTold(var peer, _) => Silence(self, peer),
            ChordEvent.Notified(var peer) => [$"deliver notice {Number(peer)} {self}"],
            ChordEvent.PingAnswered(var peer) => [$"deliver check {self} {Number(peer)}", $"deliver check {self} {Number(peer)}"],
            ChordEvent.PingNotAnswered(var peer) => [$"deliver check {self} {Number(peer)}", $"deliver check {self} {Number(peer)}"],
            ChordEvent.Departed(var peer) => [$"deliver goodbye {Number(peer)} {self}"],
            ChordEvent.LeaveRequested => [$"leave {self}"],
            ChordEvent.HandedOver => [$"deliver handover {self}", $"deliver handover {self}"],
            _ => [],
        };
    }

    /// <summary>The question to a peer that is not there, or no member, has not been read by anyone: it is delivered right before the silence.</summary>
    private static IEnumerable<string> Silence(ulong self, PeerRef peer) => [$"deliver question {self} {Number(peer)}", $"deliver silence {self} {Number(peer)}"];

    private static ulong Number(PeerRef peer) => peer.Id.ToUInt64();
}
