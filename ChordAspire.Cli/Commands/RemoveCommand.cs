using System.CommandLine;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord rm</c>: deletes an object.</summary>
internal static class RemoveCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> key = ObjectArguments.Key();
        var ring = new RingAccess();
        Option<bool> quiet = ObjectArguments.Quiet();
        Option<bool> json = ObjectArguments.Json();
        var command = new CommandWithExamples(
            "rm",
            "Deletes an object. Done when the deletion is on disk at the owner of the key and at its replicas. Exit code 3 when there was none.",
            "chord rm reports/2026")
        {
            key, quiet, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            string name = parsed.GetRequiredValue(key);
            DeleteOutcome outcome = await Waiting.ForAsync(terminal, $"rm {name}", ring.Client.DeleteAsync(name, cancellation, ring.Timeout)).ConfigureAwait(false);
            // Gone it is in any case; who took it away, this command or another, nobody can tell after a lost answer.
            if (!outcome.Found && !outcome.AfterSilence)
                return ObjectArguments.NotFound(terminal, name);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(ObjectJson.Of(name, outcome));
            if (!parsed.GetValue(quiet))
                terminal.Error.WriteLine($"rm {name}: deleted");
            return ExitCode.Done;
        }, cancellation));
        return command;
    }
}
