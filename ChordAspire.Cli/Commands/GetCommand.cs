using System.CommandLine;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord get</c>: an object, to a file or to standard output.</summary>
internal static class GetCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> key = ObjectArguments.Key();
        Option<string> output = new Option<string>("--output", "-o")
        {
            Description = "Write to this file instead of standard output. What it holds is replaced only once the whole object has come.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "-",
        }.NotEmpty("file");
        Option<long> offset = SimCommand.Number("--offset", "Bytes to leave out at the beginning.", 0, long.MaxValue, 0L);
        Option<long?> length = Length();
        var ring = new RingAccess();
        Option<bool> quiet = ObjectArguments.Quiet();
        Option<bool> json = ObjectArguments.Json("Print what was done as one line of JSON; with --output FILE only, since standard output carries the object otherwise.");
        var command = new CommandWithExamples(
            "get",
            "Fetches an object and checks its SHA-256. Exit code 3 when there is none.",
            "chord get reports/2026 -o report.pdf",
            "chord get photos.tar.gz | tar tz",
            "chord get disk.img --offset 512 --length 64 | xxd")
        {
            key, output, offset, length, quiet, json,
        };
        ring.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(json) is { Implicit: false } && result.GetResult(output) is null or { Implicit: true } or { Tokens: [{ Value: "-" }] })
                result.AddError("--json needs --output FILE: standard output carries the object otherwise.");
        });
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            string name = parsed.GetRequiredValue(key);
            string file = parsed.GetRequiredValue(output);
            var range = new ByteRange(parsed.GetValue(offset), parsed.GetValue(length));
            bool toScreen = file == "-" && terminal.OutIsTerminal;
            var display = new TransferDisplay(terminal, $"get {name}", parsed.GetValue(quiet) || toScreen);
            GetOutcome? outcome = await (file == "-" ? ToOutputAsync() : ToFileAsync()).ConfigureAwait(false);
            if (outcome is null)
                return ObjectArguments.NotFound(terminal, name);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(ObjectJson.Of(name, outcome));
            display.Say(FormattableString.Invariant($"get {name}: {ByteText.Of(outcome.Read)} in {display.Seconds:0.0} s from {outcome.Owner.Address}"));
            return ExitCode.Done;

            async Task<GetOutcome?> ToOutputAsync()
            {
                await using Stream destination = terminal.OpenOutput();
                return await GetAsync(destination).ConfigureAwait(false);
            }

            async Task<GetOutcome?> ToFileAsync()
            {
                using var whole = new WholeFile(file);
                GetOutcome? outcome = await GetAsync(whole.Content).ConfigureAwait(false);
                if (outcome is not null)
                    whole.Keep();
                return outcome;
            }

            Task<GetOutcome?> GetAsync(Stream destination) =>
                display.RunAsync(progress => ring.Client.GetAsync(name, destination, cancellation, range, progress, ring.Timeout));
        }, cancellation));
        return command;
    }

    private static Option<long?> Length()
    {
        var length = new Option<long?>("--length") { Description = "Bytes wanted; all that follow when not given.", HelpName = "NUMBER" };
        length.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && long.TryParse(result.Tokens[0].Value, out long bytes) && bytes < 1)
                result.AddError("--length takes 1 or more bytes.");
        });
        return length;
    }
}
