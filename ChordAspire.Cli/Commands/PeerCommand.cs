using System.CommandLine;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord peer</c>: what one peer says of itself.</summary>
internal static class PeerCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string?> peer = PeerArgument.Optional();
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print one line of JSON.");
        var command = new CommandWithExamples(
            "peer",
            "Tells what a peer says of itself and its neighbours. Exit code 3 when the ring has no such peer.",
            "chord peer",
            "chord peer 127.0.0.1:50053",
            "chord peer 40000000 --json")
        {
            peer, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            string? named = parsed.GetValue(peer);
            PeerReading? reading = await Waiting.ForAsync(terminal, "asking", PeerArgument.FindAsync(ring, named, cancellation)).ConfigureAwait(false);
            if (reading is null)
                return PeerArgument.NotFound(terminal, named);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(RingJson.Of(reading));
            else
                Write(terminal.Out, reading);
            return ExitCode.Done;
        }, cancellation, parsed.GetValue(peer)));
        return command;
    }

    /// <summary>The part of the circle that a peer says it owns, from 0 to 1; null where it does not know.</summary>
    public static double? OwnShareOf(PeerReading peer) =>
        !peer.IsMember ? null
        : peer.Predecessor is { } predecessor ? RingReading.ShareOfCircle(predecessor.Id.DistanceTo(peer.Self.Id))
        : peer.Successors.IsEmpty ? 1
        : null;

    private static void Write(TextWriter text, PeerReading peer)
    {
        text.WriteLine($"id            {peer.Self.Id}");
        text.WriteLine($"address       {peer.Self.Address}");
        text.WriteLine($"kind          {RingText.KindOf(peer.Kind)}");
        text.WriteLine($"state         {RingText.StateOf(peer)}");
        text.WriteLine($"predecessor   {(peer.Predecessor is { } predecessor ? Describe(predecessor) : "none")}");
        text.WriteLine($"successors    {(peer.Successors.IsEmpty ? "none" : string.Join(", ", peer.Successors.Select(Describe)))}");
        text.WriteLine($"arc           {RingText.ShareOf(OwnShareOf(peer))}");
        if (peer.Description is not { } told)
            return;
        text.WriteLine(FormattableString.Invariant($"ring          {told.Parameters.Bits} bits, successor lists of {told.Parameters.SuccessorListLength}, {(told.RingReady ? "ready for failures" : "too small yet to outlast failures")}"));
        text.WriteLine(FormattableString.Invariant($"objects       {told.ObjectsHeld:#,0} held, {ByteText.Of(told.BytesHeld)}; {told.ObjectsOwned:#,0} on its own arc, deletions counted"));
        text.WriteLine($"copies        {(told.Replicated ? "all there" : "still being made, or compared")}");
        text.WriteLine(FormattableString.Invariant($"process       {told.ProcessId}"));
    }

    private static string Describe(PeerRef peer) => $"{peer.Address} ({peer.Id.ToBriefString()})";
}
