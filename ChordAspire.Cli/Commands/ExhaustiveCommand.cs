using System.CommandLine;
using ChordAspire.Simulation;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord sim exhaustive</c>: every state that a small ring can get into.</summary>
internal static class ExhaustiveCommand
{
    private const int PlacesOtherwise = 4;
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<int> places = SimCommand.Number(
            "--places",
            $"Places of the circle, the most peers at a time: {ExhaustiveOptions.PlacesMin} to {ExhaustiveOptions.PlacesMax}, or to {ExhaustiveOptions.PlacesMaxListsOnly} with --lists-only.",
            ExhaustiveOptions.PlacesMin,
            ExhaustiveOptions.PlacesMaxListsOnly,
            PlacesOtherwise);
        var lists = new Option<bool>("--lists-only")
        {
            Description = "Follow successor lists alone; all else that peers know may be anything at any time. More can happen than in truth, never less.",
        };
        Option<long> states = SimCommand.Number("--states", "End when there are so many states, though not all are seen.", 1, long.MaxValue, otherwise: long.MaxValue);
        Option<string?> variant = Variant.Option();
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command(
            "exhaustive",
            "Visits every state that a ring with r = 2 can get into, by steps in any order. Exit code 1 when one of them violates the invariant.")
        {
            places, lists, states, variant, json,
        };
        command.SetAction(parsed =>
        {
            var options = new ExhaustiveOptions
            {
                Places = parsed.GetValue(places),
                ListsOnly = parsed.GetValue(lists),
                StatesMax = parsed.GetValue(states),
                Rules = Variant.RulesOf(parsed.GetValue(variant)),
            };
            Refuse(options, parsed.GetValue(variant));
            (ExhaustiveReport report, TimeSpan took) = Run(terminal, options, cancellation);
            if (parsed.GetValue(json))
                WriteJson(terminal, options, report, took);
            else
                Write(terminal, options, report, took);
            return report.Violation is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Refuse(ExhaustiveOptions options, string? variant)
    {
        if (options.ListsOnly && variant is not null)
            throw new UsageException($"--lists-only is not for '{variant}': it would show violations that cannot happen.");
        if (!options.ListsOnly && options.Places > ExhaustiveOptions.PlacesMax)
            throw new UsageException($"{options.Places} places need --lists-only: without it there may be {ExhaustiveOptions.PlacesMax}.");
    }

    private static (ExhaustiveReport Report, TimeSpan Took) Run(Terminal terminal, ExhaustiveOptions options, CancellationToken cancellation)
    {
        long begun = TimeProvider.System.GetTimestamp();
        TimeSpan told = TimeSpan.Zero;
        ExhaustiveReport report = ExhaustiveCheck.Run(options with
        {
            Progress = (level, count) =>
            {
                TimeSpan now = TimeProvider.System.GetElapsedTime(begun);
                if (now - told < BetweenLines)
                    return;
                told = now;
                string speed = FormattableString.Invariant($"{count / now.TotalSeconds:#,0} a second");
                terminal.Error.WriteLine(FormattableString.Invariant($"{now.TotalSeconds,6:0} s: {level} steps deep, {count:#,0} states, {speed}"));
            },
        }, cancellation);
        return (report, TimeProvider.System.GetElapsedTime(begun));
    }

    private static void Write(Terminal terminal, ExhaustiveOptions options, ExhaustiveReport report, TimeSpan took)
    {
        TextWriter text = terminal.Out;
        text.WriteLine(FormattableString.Invariant($"{options.Places} places{(options.ListsOnly ? ", successor lists alone" : "")}: {report.States:#,0} states, ")
            + FormattableString.Invariant($"{report.Steps:#,0} steps between them, at most {report.Levels} steps from an ideal ring"));
        text.WriteLine(FormattableString.Invariant($"{report.LocalStates:#,0} states of single peers; {took.TotalSeconds:0.0} s, ")
            + FormattableString.Invariant($"{report.States / took.TotalSeconds:#,0} states a second"));
        if (report.Violation is { } violation)
        {
            text.WriteLine($"{violation.Kind}, the shortest way there:");
            foreach (string line in violation.Path)
                text.WriteLine($"  {line}");
        }
        else
        {
            text.WriteLine(report.IsComplete ? "No violation in any state." : "No violation so far; not all states were seen.");
        }
    }

    private static void WriteJson(Terminal terminal, ExhaustiveOptions options, ExhaustiveReport report, TimeSpan took)
    {
        terminal.Out.WriteLine(JsonText.Of(json =>
        {
            json.WriteNumber("places", options.Places);
            json.WriteBoolean("listsOnly", options.ListsOnly);
            json.WriteNumber("states", report.States);
            json.WriteNumber("steps", report.Steps);
            json.WriteNumber("statesOfPeers", report.LocalStates);
            json.WriteNumber("levels", report.Levels);
            json.WriteBoolean("complete", report.IsComplete);
            json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 1));
            if (report.Violation is { } violation)
            {
                json.WriteString("violation", violation.Kind.ToString());
                json.WriteStartArray("path");
                foreach (string line in violation.Path)
                    json.WriteStringValue(line);
                json.WriteEndArray();
            }
        }));
    }
}
