using System.Text.Json;
using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Cli;

/// <summary>Simulated runs for programs.</summary>
internal static class SimulationJson
{
    public static string Of(RunOutcome outcome, RingSnapshot ring) => JsonText.Of(json =>
    {
        Write(json, outcome);
        json.WriteBoolean("valid", ring.IsValid);
        json.WriteBoolean("ideal", ring.IsIdeal);
        Write(json, "problems", ring.Problems);
    });

    /// <param name="lines">What happened.</param>
    /// <param name="isRepeated">A second run was the same to the last event.</param>
    /// <param name="report">Of a violation.</param>
    public static string Of(RunOutcome outcome, IEnumerable<string> lines, bool isRepeated, string? report) => JsonText.Of(json =>
    {
        Write(json, outcome);
        json.WriteBoolean("repeated", isRepeated);
        Write(json, "told", lines);
        if (report is not null)
            json.WriteString("report", report);
    });

    public static string LineOf(Scenario scenario) => JsonText.LineOf(json => Write(json, scenario));

    public static string Of(ScenarioOutcome outcome) => JsonText.Of(json =>
    {
        Write(json, outcome.Scenario);
        Write(json, "told", outcome.Told);
        Write(json, "lost", outcome.Lost.Select(property => property.ToString()));
        json.WriteBoolean("ideal", outcome.BecameIdeal);
        json.WriteNumber("rounds", outcome.Rounds);
        json.WriteBoolean("passed", outcome.Passed);
    });

    /// <summary>What a sweep found, as every report has it.</summary>
    public static void WriteViolations(Utf8JsonWriter json, IEnumerable<(Seed Seed, Violation Violation)> violations)
    {
        json.WriteStartArray("violations");
        foreach ((Seed seed, Violation violation) in violations)
        {
            json.WriteStartObject();
            json.WriteNumber("seed", seed.Number);
            json.WriteString("kind", violation.Kind.ToString());
            json.WriteString("detail", violation.Detail);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, RunOutcome outcome)
    {
        json.WriteNumber("seed", outcome.Plan.Seed.Number);
        json.WriteNumber("peers", outcome.Plan.Peers.Length);
        json.WriteString("verdict", outcome.Verdict switch
        {
            RunVerdict.Violated => "violated",
            RunVerdict.OutOfContract => "outOfContract",
            _ => "held",
        });
        if (outcome.Violation is { } violation)
        {
            json.WriteString("violation", violation.Kind.ToString());
            json.WriteString("detail", violation.Detail);
        }
        json.WriteNumber("events", outcome.Events);
        json.WriteNumber("checks", outcome.Checks);
        json.WriteNumber("lookups", outcome.LookupsUnderFaults.Ended);
        json.WriteNumber("lookupsFailed", outcome.LookupsUnderFaults.Failed);
        json.WriteNumber("lookupsWrong", outcome.LookupsUnderFaults.Off);
        json.WriteString("hash", $"{outcome.Hash:x16}");
    }

    private static void Write(Utf8JsonWriter json, Scenario scenario)
    {
        json.WriteString("name", scenario.Name);
        json.WriteString("source", scenario.Source);
        json.WriteString("story", scenario.Story);
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> lines)
    {
        json.WriteStartArray(name);
        foreach (string line in lines)
            json.WriteStringValue(line);
        json.WriteEndArray();
    }
}
