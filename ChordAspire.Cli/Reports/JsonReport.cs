using System.Text.Json;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Reports;

/// <summary>A report for programs.</summary>
internal static class JsonReport
{
    public static string Of(PaperReport report) => JsonText.Of(json => Write(json, report));

    private static void Write(Utf8JsonWriter json, PaperReport report)
    {
        json.WriteString("command", report.Command);
        json.WriteNumber("seed", report.Seed.Number);
        json.WriteNumber("inside", report.Inside);
        json.WriteNumber("outside", report.Outside.Count());
        json.WriteNumber("seconds", Math.Round(report.Took.TotalSeconds, 1));
        json.WriteStartArray("experiments");
        foreach (PaperReport.Section section in report.Sections)
            Write(json, section);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, PaperReport.Section section)
    {
        json.WriteStartObject();
        json.WriteString("id", section.Experiment.Id);
        json.WriteString("title", section.Experiment.Title);
        json.WriteString("source", section.Experiment.Source);
        json.WriteString("setting", section.Experiment.Setting);
        json.WriteNumber("seconds", Math.Round(section.Took.TotalSeconds, 1));
        json.WriteStartArray("rows");
        foreach (FindingRow row in section.Findings.Rows)
            Write(json, row);
        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (string note in section.Findings.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FindingRow row)
    {
        json.WriteStartObject();
        json.WriteString("row", row.Row);
        json.WriteString("quantity", row.Quantity);
        Write(json, "paper", row.Paper);
        Write(json, "ours", row.Ours);
        Write(json, "best", row.Best);
        if (row.Tolerance is { } tolerance)
        {
            json.WriteStartObject("tolerance");
            Write(json, "min", tolerance.Min);
            Write(json, "max", tolerance.Max);
            json.WriteString("reason", tolerance.Reason);
            json.WriteEndObject();
        }
        json.WriteString("verdict", row.Verdict.ToString().ToLowerInvariant());
        json.WriteEndObject();
    }

    /// <summary>Nothing is written where there is no number; JSON has no infinity, and no bound is none.</summary>
    private static void Write(Utf8JsonWriter json, string name, Value? value)
    {
        if (value is not { } number || !double.IsFinite(number.Number))
            return;
        json.WriteNumber(name, Math.Round(number.Number, 6));
        if (number.Spread is not null)
            json.WriteString(name + "Spread", number.Spread);
    }
}
