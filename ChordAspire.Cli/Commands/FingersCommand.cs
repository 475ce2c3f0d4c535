using System.Collections.Immutable;
using System.CommandLine;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord fingers</c>: the finger table of one peer.</summary>
internal static class FingersCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string?> peer = PeerArgument.Optional();
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print JSON.");
        var command = new CommandWithExamples(
            "fingers",
            "Prints the finger table of a peer: finger i is the peer that it takes for the owner of its identifier + 2^i. Neighbouring fingers that name the same peer share a line. Exit code 3 when the ring has no such peer.",
            "chord fingers",
            "chord fingers 127.0.0.1:50053")
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
            ImmutableArray<FingerRun> fingers = reading.Description?.Fingers ?? await ring.Client.ReadFingersAsync(reading, cancellation, ring.Timeout).ConfigureAwait(false);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(RingJson.OfFingers(reading.Self, fingers));
            else
                FingerTableText.Write(terminal.Console, reading.Self, fingers);
            return ExitCode.Done;
        }, cancellation, parsed.GetValue(peer)));
        return command;
    }
}
