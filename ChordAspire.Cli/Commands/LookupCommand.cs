using System.CommandLine;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord lookup</c>: who owns a key, and the way there.</summary>
internal static class LookupCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> key = ObjectArguments.Key();
        key.Description = "What to look up, whether an object has that key or not.";
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print JSON.");
        var command = new CommandWithExamples(
            "lookup",
            "Tells which peer owns a key, and shows the way there hop by hop, as the asked peer went it: the distance left at each peer, and how long it took to answer.",
            "chord lookup reports/2026",
            "chord lookup hello --json | jq .hops")
        {
            key, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            string name = parsed.GetRequiredValue(key);
            LookupAnswer answer = await Waiting.ForAsync(terminal, "looking up", ring.Client.LookupAsync(name, cancellation, ring.Timeout)).ConfigureAwait(false);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(RingJson.OfLookup(name, answer));
            else
                LookupText.Write(terminal.Console, name, answer);
            return ExitCode.Done;
        }, cancellation));
        return command;
    }
}
