using System.CommandLine;
using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim churn</c>: one large ring for hours of its own time, and how fast it goes.</summary>
internal static class ChurnCommand
{
    private const string HostClocks = "host";
    private const string PaperClocks = "paper";
    private const int Parts = 200;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<int> peers = SimCommand.Number("--peers", "Peers at the beginning, in an ideal ring.", 2, 1_000_000, otherwise: 1000);
        Option<double> hours = SimCommand.Number("--hours", "How long the ring lives, in its own time.", 0.001, 10_000, otherwise: 1.0);
        Option<double> session = SimCommand.Number(
            "--session",
            "Minutes from a peer's joining to its crash on average, exponentially distributed; then another one joins.",
            0.1,
            1_000_000,
            otherwise: 60.0);
        var clocks = new Option<string>("--clocks")
        {
            Description = $"'{PaperClocks}': a round and a finger each 15 to 45 s, as in the papers. '{HostClocks}': as a real peer has them, each 0.4 s and 1 s.",
            HelpName = "NAME",
            DefaultValueFactory = _ => PaperClocks,
        };
        clocks.AcceptOnlyFromAmong(PaperClocks, HostClocks);
        Option<ulong> seed = SimCommand.Seed("The seed of the run.", otherwise: 1);
        Option<string?> record = RunFile.Option();
        Option<bool> json = ObjectArguments.Json("Print JSON.");
        var command = new CommandWithExamples(
            "churn",
            "Runs one ring for hours while peers crash and others join, with one lookup a second, and tells how it went and how fast.",
            "chord sim churn --hours 10",
            "chord sim churn --peers 1000 --hours 0.1 --session 20 --record churn.jsonl")
        {
            peers, hours, session, clocks, seed, record, json,
        };
        command.SetAction(parsed =>
        {
            bool isPapers = parsed.GetValue(clocks) == PaperClocks;
            var ring = PaperRing.Build(
                new RingOptions
                {
                    Seed = new Seed(parsed.GetValue(seed)),
                    Timings = isPapers ? PaperRing.OfTheJournal : new PeerTimings(),
                    Network = new NetworkOptions { Latency = new ExponentialLatency(TimeSpan.FromMilliseconds(isPapers ? 50 : 5)) },
                },
                parsed.GetValue(peers),
                new ChordParameters().SuccessorListLength);
            using RunFile? file = RunFile.Begin(parsed.GetValue(record));
            Run(terminal, ring, TimeSpan.FromHours(parsed.GetValue(hours)), TimeSpan.FromMinutes(parsed.GetValue(session)), file, parsed.GetValue(json), cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Run(Terminal terminal, SimulatedRing ring, TimeSpan duration, TimeSpan session, RunFile? file, bool asJson, CancellationToken cancellation)
    {
        string name = FormattableString.Invariant($"{ring.Peers.Count:#,0} peers, {duration.TotalHours:0.###} h");
        var oracle = new OwnerOracle(ring) { Next = file?.On(ring, $"churn, seed {ring.Options.Seed}: {name}") };
        var churn = new Churn(ring, oracle, ring.Options.Seed.For(ChanceUse.Faults));
        churn.BeginSessions(Sessions.Exponential(session));
        var load = new LookupLoad(ring, oracle, ring.Options.Seed.For(ChanceUse.Workload));
        load.KeepBeginning(TimeSpan.FromSeconds(1), (int)Math.Min(duration.TotalSeconds, int.MaxValue));
        using var process = Process.GetCurrentProcess();
        TimeSpan processorBefore = process.TotalProcessorTime;
        long begun = TimeProvider.System.GetTimestamp();
        ProgressDisplay.Run(terminal, [ring], _ => name, (_, tell) =>
        {
            for (int part = 1; part <= Parts; part++)
            {
                cancellation.ThrowIfCancellationRequested();
                ring.RunUntil(duration * part / Parts);
                tell(part / (double)Parts);
            }
            return FormattableString.Invariant($"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s");
        });
        double wall = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        process.Refresh();
        double processor = (process.TotalProcessorTime - processorBefore).TotalSeconds;
        file?.Keep(terminal, FormattableString.Invariant($"{churn.Departures:#,0} crashed, {churn.Joins:#,0} joined"));
        TextWriter text = terminal.Out;
        if (asJson)
        {
            text.WriteLine(JsonText.Of(json =>
            {
                json.WriteNumber("events", ring.EventsDone);
                json.WriteNumber("seconds", Math.Round(wall, 3));
                json.WriteNumber("processorSeconds", Math.Round(processor, 3));
                json.WriteString("hash", $"{ring.Hash:x16}");
                json.WriteNumber("crashed", churn.Departures);
                json.WriteNumber("joined", churn.Joins);
                json.WriteNumber("members", oracle.Members.Count);
                json.WriteNumber("lookups", load.Tally.Ended);
                json.WriteNumber("lookupsFailed", load.Tally.Failed);
            }));
            return;
        }
        text.WriteLine(FormattableString.Invariant($"{ring.EventsDone:#,0} events in {wall:0.0} s, {processor:0.0} s of processor time: ")
            + FormattableString.Invariant($"{ring.EventsDone / wall:#,0} and {ring.EventsDone / processor:#,0} a second, hash {ring.Hash:x16}"));
        text.WriteLine(FormattableString.Invariant($"{churn.Departures:#,0} crashed, {churn.Joins:#,0} joined, {oracle.Members.Count:#,0} are members"));
        text.WriteLine(FormattableString.Invariant($"{load.Tally.Ended:#,0} lookups, {load.Tally.Failed:#,0} of them failed; {load.Tally.Hops.Mean:0.00} hops, ")
            + FormattableString.Invariant($"{load.Tally.TimeoutsInAll.Mean:0.00} timeouts, median {load.Tally.Milliseconds.Median:0} ms"));
    }
}
