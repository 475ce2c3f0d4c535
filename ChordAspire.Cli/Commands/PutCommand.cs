using System.CommandLine;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord put</c>: stores a file.</summary>
internal static class PutCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> key = ObjectArguments.Key();
        var file = new Argument<string>("FILE") { Description = "What to store; - for what comes on standard input." };
        var ring = new RingAccess();
        Option<bool> quiet = ObjectArguments.Quiet();
        Option<bool> json = ObjectArguments.Json();
        var command = new CommandWithExamples(
            "put",
            "Stores a file of any size under a key, in place of what was there. Done when it is on disk at the owner of the key and at its replicas.",
            "chord put reports/2026 report.pdf",
            "tar cz photos | chord put photos.tar.gz -")
        {
            key, file, quiet, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            string name = parsed.GetRequiredValue(key);
            await using Stream source = Open(parsed.GetRequiredValue(file), terminal);
            var display = new TransferDisplay(terminal, $"put {name}", parsed.GetValue(quiet));
            PutOutcome outcome = await display.RunAsync(progress => ring.Client.PutAsync(name, source, cancellation, progress, ring.Timeout)).ConfigureAwait(false);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(ObjectJson.Of(name, outcome));
            display.Say(FormattableString.Invariant(
                $"put {name}: {ByteText.Of(outcome.Size)} in {display.Seconds:0.0} s, {outcome.Copies} {(outcome.Copies == 1 ? "copy" : "copies")}, owner {outcome.Owner.Address}"));
            return ExitCode.Done;
        }, cancellation));
        return command;
    }

    private static Stream Open(string file, Terminal terminal)
    {
        if (file == "-")
            return terminal.OpenInput();
        if (Directory.Exists(file))
            throw new IOException($"'{file}' is a folder; put takes one file.");
        if (!File.Exists(file))
            throw new IOException($"there is no file '{file}'.");
        return new FileStream(file, new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
    }
}
