using System.CommandLine;
using System.Net;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord join</c>: how to start a peer that joins this ring. Starts nothing.</summary>
internal static class JoinCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var port = new Option<int?>("--port") { Description = "The new peer's gRPC port; a free one behind the ring's highest where not given.", HelpName = "NUMBER" };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out int number) && number is < 1 or > IPEndPoint.MaxPort)
                result.AddError($"--port takes 1 to {IPEndPoint.MaxPort}.");
        });
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print JSON.");
        var command = new CommandWithExamples(
            "join",
            "Prints the settings and the command that start a peer which joins this ring, in the middle of its largest arc. Starts nothing itself.",
            "chord join",
            "chord join --port 50071 | sh")
        {
            port, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            RingReading reading = await Waiting.ForAsync(terminal, "asking the peers", ring.Client.ReadRingAsync(cancellation, ring.Timeout)).ConfigureAwait(false);
            JoinAdvice? advice = JoinAdvice.For(reading, ring.Address, parsed.GetValue(port));
            if (advice is null)
            {
                terminal.Error.WriteLine(FormattableString.Invariant($"chord: all identifiers of the {reading.Parameters.Bits}-bit ring are taken: no peer can join it."));
                return ExitCode.Failed;
            }
            terminal.Out.WriteLine(parsed.GetValue(json) ? advice.ToJson() : advice.ToShell());
            return ExitCode.Done;
        }, cancellation));
        return command;
    }
}
