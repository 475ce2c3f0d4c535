using System.CommandLine;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord stat</c>: what the owner says of an object.</summary>
internal static class StatCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> key = ObjectArguments.Key();
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print one line of JSON.");
        var command = new CommandWithExamples(
            "stat",
            "Tells the size, time and SHA-256 of an object, and which peers have it. Exit code 3 when there is none.",
            "chord stat reports/2026")
        {
            key, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            string name = parsed.GetRequiredValue(key);
            ObjectStatus? status = await Waiting.ForAsync(terminal, $"stat {name}", ring.Client.StatAsync(name, cancellation, ring.Timeout)).ConfigureAwait(false);
            if (status is null)
                return ObjectArguments.NotFound(terminal, name);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(ObjectJson.Of(name, status));
            else
                Write(terminal.Out, name, status);
            return ExitCode.Done;
        }, cancellation));
        return command;
    }

    private static void Write(TextWriter text, string key, ObjectStatus status)
    {
        text.WriteLine($"key       {key}");
        text.WriteLine(FormattableString.Invariant($"size      {status.Size:#,0} {(status.Size == 1 ? "byte" : "bytes")}"));
        text.WriteLine($"stored    {VersionText.TimeOf(status.Version)}");
        text.WriteLine($"sha256    {status.Version.Hash}");
        text.WriteLine($"owner     {Describe(status.Owner)}");
        text.WriteLine($"replicas  {(status.Replicas.IsEmpty ? "none: the ring has one peer" : string.Join(", ", status.Replicas.Select(Describe)))}");
        text.WriteLine($"copies    {(status.Replicated ? "all there" : "still being made, or compared")}");
    }

    private static string Describe(PeerRef peer) => $"{peer.Address} ({peer.Id.ToBriefString()})";
}
