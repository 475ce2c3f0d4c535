using System.CommandLine;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord ring</c>: all peers in order, and whether they form the ring they should.</summary>
internal static class RingCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var check = new Option<bool>("--check") { Description = "Exit code 1 unless the ring is ideal." };
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print JSON.");
        var command = new CommandWithExamples(
            "ring",
            "Shows the ring in order: each peer, its neighbours, its part of the circle and what it holds; and whether the ring is valid and ideal, and if not, what is wrong and where.",
            "chord ring",
            "chord ring --json | jq '.peers[].address'",
            "chord ring --check && echo ideal")
        {
            check, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            RingReading reading = await Waiting.ForAsync(terminal, "asking the peers", ring.Client.ReadRingAsync(cancellation, ring.Timeout)).ConfigureAwait(false);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(RingJson.Of(reading));
            else
                RingTable.Write(terminal, reading);
            return parsed.GetValue(check) && !reading.IsIdeal ? ExitCode.Failed : ExitCode.Done;
        }, cancellation));
        return command;
    }
}
