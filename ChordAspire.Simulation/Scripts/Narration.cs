using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>One event at one peer in words: what came, and what the peer made of it.</summary>
internal static class Narration
{
    /// <summary>Null for what a reader of a transcript does not miss: a timer, a question whose answer is told where it arrives.</summary>
    public static string? Of(PeerState before, ChordEvent input, Step step)
    {
        if (Opening(input) is not { } opening)
            return null;
        string[] results = [.. Changes(before, step.State), .. step.Effects.Select(Next).OfType<string>()];
        return $"{Number(before.Self)} {opening}: {(results.Length == 0 ? "nothing changes" : string.Join(", ", results))}";
    }

    public static string Number(PeerRef? peer) => peer is null ? "none" : peer.Id.ToUInt64().ToString();

    public static string Numbers(IEnumerable<PeerRef> peers) => string.Join(' ', peers.Select(Number)) is { Length: > 0 } text ? text : "none";

    private static string? Opening(ChordEvent input) => input switch
    {
        ChordEvent.StartRing => "starts a ring",
        ChordEvent.StandAlone => "found nobody",
        ChordEvent.JoinThrough(var contact) => $"wants to join through {Number(contact)}",
        ChordEvent.NeighborsTold(var peer, _, var told) =>
            $"asked {Number(peer)} (predecessor {Number(told.Predecessor)}, successors {Numbers(told.Successors.Peers)})",
        ChordEvent.NeighborsNotTold(var peer, _) => $"asked {Number(peer)} (no answer)",
        ChordEvent.Notified(var peer) => $"was notified by {Number(peer)}",
        ChordEvent.PingAnswered(var peer) => $"checked {Number(peer)} (alive)",
        ChordEvent.PingNotAnswered(var peer) => $"checked {Number(peer)} (no answer)",
        ChordEvent.Suspected(var peer) => $"met {Number(peer)} silent in a lookup",
        ChordEvent.Departed(var peer) => $"heard that {Number(peer)} leaves",
        ChordEvent.LookupEnded({ Finger: { } finger }, { Owner: { } owner }) => $"looked up finger {finger} ({Number(owner)})",
        ChordEvent.LookupEnded({ Finger: { } finger }, _) => $"looked up finger {finger} (failed)",
        ChordEvent.LookupEnded(_, { Owner: { } owner } outcome) => $"looked up its place (between {Number(outcome.Predecessor)} and {Number(owner)})",
        ChordEvent.LookupEnded => "looked up its place (failed)",
        ChordEvent.LeaveRequested => "is to leave",
        ChordEvent.HandedOver => "has handed over",
        _ => null,
    };

    private static IEnumerable<string> Changes(PeerState before, PeerState after)
    {
        if (!ReferenceEquals(before.Successors, after.Successors))
            yield return $"successors now {Numbers(after.Successors.Peers)}{(after.Successors.SpansRing ? " (whole ring)" : "")}";
        if (before.Predecessor != after.Predecessor)
            yield return $"predecessor now {Number(after.Predecessor)}";
        if (before.Phase != after.Phase)
            yield return $"{after.Phase.ToString().ToLowerInvariant()} from now on";
    }

    private static string? Next(Effect effect) => effect switch
    {
        Effect.AskNeighbors(var peer, _) => $"asks {Number(peer)}",
        Effect.Ping(var peer) => $"checks {Number(peer)}",
        Effect.Notify(var peer) => $"notifies {Number(peer)}",
        Effect.HandOver(var peer) => $"hands over to {Number(peer)}",
        Effect.HandOverEverything => "hands over everything",
        Effect.TellDeparture(var peer) => $"says goodbye to {Number(peer)}",
        Effect.LookUp({ } key, { Finger: null }, _) => $"looks up {key.ToUInt64()}",
        Effect.JoinFailed(JoinFailure.StillRemembered, _) => "has to wait: its former self is remembered",
        Effect.JoinFailed(JoinFailure.PlaceMoved, _) => "has to try again: its place has moved",
        Effect.JoinFailed(JoinFailure.NoAnswer, _) => "has to try again",
        Effect.JoinFailed(JoinFailure.IdentifierTaken, var owner) => $"is refused: {owner!.Address} has its identifier",
        Effect.SeekRing(var contacts) => $"seeks the ring through {Numbers(contacts)}",
        Effect.Report(ChordNotice.RoundTakenBack) => "takes the round back: it was read meanwhile",
        Effect.Report(ChordNotice.MonitorTripped(var monitor, _)) => $"monitor {monitor} trips",
        _ => null,
    };
}
