using System.CommandLine;
using System.Globalization;
using ChordAspire.Cli.Bench;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord bench</c>: how fast a ring is.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation) => new("bench", "Puts load on a ring and measures latencies, hops and errors.")
    {
        Create("lookup", "Looks up keys all over the circle, through the asked peer.", hasObjects: false, terminal, cancellation),
        Create("put", "Stores objects of this run's own, and deletes them at the end.", hasObjects: true, terminal, cancellation),
        Create("get", "Stores objects of this run's own, fetches them again and again, and deletes them at the end.", hasObjects: true, terminal, cancellation),
    };

    private static CommandWithExamples Create(string name, string description, bool hasObjects, Terminal terminal, CancellationToken cancellation)
    {
        Option<int> clients = SimCommand.Number("--clients", "Closed loop: clients that each begin a request when the one before has ended.", 1, 10_000, 8);
        var rate = new Option<double?>("--rate")
        {
            Description = "Open loop instead: requests begun a second, whether those before have ended or not. Latencies count from the intended start.",
            HelpName = "NUMBER",
        };
        rate.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double number) && number is not (>= 0.1 and <= 100_000))
                result.AddError("--rate takes 0.1 to 100000.");
        });
        Option<double> duration = SimCommand.Number("--duration", "Seconds that are measured.", 0.1, 86_400, 10.0);
        Option<double> warmUp = SimCommand.Number("--warm-up", "Seconds before them that are not.", 0, 3600, 1.0);
        Option<int> size = SimCommand.Number("--size", "Bytes of an object.", 0, 64 * 1024 * 1024, 1024);
        Option<int> keys = SimCommand.Number("--keys", "How many objects.", 1, 1_000_000, 100);
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json("Print JSON.");
        var command = new CommandWithExamples(
            name,
            $"{description} Exit code 1 when a request failed, none was measured{(hasObjects ? ", or an object could not be deleted" : "")}.",
            $"chord bench {name} --clients 32 --duration 30",
            $"chord bench {name} --rate 500 --json")
        {
            clients, rate, duration, warmUp,
        };
        if (hasObjects)
        {
            command.Add(size);
            command.Add(keys);
        }
        command.Add(json);
        ring.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(rate) is { Implicit: false } && result.GetResult(clients) is { Implicit: false })
                result.AddError("--clients is for a closed loop and --rate for an open one: take one of them.");
        });
        command.SetAction(parsed => ring.Run(parsed, terminal, async ring =>
        {
            string run = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
            var objects = new BenchObjects(run, parsed.GetValue(keys), hasObjects ? parsed.GetValue(size) : 0, ring.Timeout);
            BenchOperation operation = name switch
            {
                "lookup" => BenchOperation.Lookup(ring.Client, ring.Timeout),
                "put" => BenchOperation.Put(ring.Client, objects),
                _ => BenchOperation.Get(ring.Client, objects, ring.Timeout),
            };
            double seconds = parsed.GetValue(duration);
            double? perSecond = parsed.GetValue(rate);
            BenchTally tally;
            int left = 0;
            try
            {
                if (name == "get")
                    await BenchProgress.ShowAsync(terminal, "storing the objects", tell => objects.PutAllAsync(ring.Client, tell, cancellation)).ConfigureAwait(false);
                var load = new BenchLoad(operation, TimeSpan.FromSeconds(parsed.GetValue(warmUp)), TimeSpan.FromSeconds(seconds), TimeProvider.System);
                Task running = perSecond is { } open ? load.RunOpenAsync(open, cancellation) : load.RunClosedAsync(parsed.GetValue(clients), cancellation);
                await BenchProgress.ShowAsync(terminal, $"bench {name}", running, () => load.Share).ConfigureAwait(false);
                tally = load.Tally;
            }
            finally
            {
                // Also after Ctrl+C: a bench leaves the ring as it was.
                if (hasObjects)
                {
                    await BenchProgress.ShowAsync(
                        terminal,
                        "deleting the objects",
                        async tell => left = await objects.DeleteAllAsync(ring.Client, tell, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
                }
                if (left > 0)
                    terminal.Error.WriteLine(FormattableString.Invariant($"chord: {left:#,0} {(left == 1 ? "object" : "objects")} below {objects.Prefix} could not be deleted: 'chord ls {objects.Prefix}' lists them, 'chord rm KEY' deletes one."));
            }
            var report = new BenchReport(name, perSecond is null ? parsed.GetValue(clients) : null, perSecond, hasObjects ? parsed.GetValue(size) : null, tally);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(report.ToJson());
            else
                report.Write(terminal.Out);
            if (report.WhyNothing is { } why)
                terminal.Error.WriteLine($"chord: {why}");
            return report.Errors == 0 && report.Requests > 0 && left == 0 ? ExitCode.Done : ExitCode.Failed;
        }, cancellation));
        return command;
    }
}
