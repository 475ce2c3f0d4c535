using ChordAspire.Simulation.Experiments;
using Spectre.Console;

namespace ChordAspire.Cli.Reports;

/// <summary>A report as tables for people.</summary>
internal static class PaperTables
{
    public static void Print(IAnsiConsole console, PaperReport report)
    {
        foreach (PaperReport.Section section in report.Sections)
        {
            console.WriteLine();
            console.Write(TableOf(section));
            foreach (string note in section.Findings.Notes)
                console.MarkupLineInterpolated($"[dim]{note}[/]");
        }
        console.WriteLine();
        foreach ((PaperReport.Section section, FindingRow row) in report.Outside)
            console.MarkupLineInterpolated($"[red]outside[/] {section.Experiment.Id}, {row.Row}, {row.Quantity}: {row.Ours}, wanted {row.Tolerance} ({row.Tolerance!.Reason})");
        console.WriteLine(report.Summary);
    }

    private static Table TableOf(PaperReport.Section section)
    {
        Table table = new Table().Border(TableBorder.Simple).Title(Markup.Escape($"{section.Experiment.Id}: {section.Experiment.Title} ({section.Experiment.Source})"));
        table.AddColumns("", "quantity");
        foreach (string number in new[] { "paper", "ours", "best reproduction" })
            table.AddColumn(new TableColumn(number).RightAligned());
        table.AddColumn("tolerance");
        string? last = null;
        foreach (FindingRow row in section.Findings.Rows)
        {
            table.AddRow(
                new Text(row.Row == last ? "" : row.Row),
                new Text(row.Quantity),
                new Text(row.Paper?.ToString() ?? ""),
                new Text(row.Ours.ToString(), new Style(decoration: Decoration.Bold)),
                new Text(row.Best?.ToString() ?? ""),
                VerdictOf(row));
            last = row.Row;
        }
        return table;
    }

    private static Text VerdictOf(FindingRow row) => row.Verdict switch
    {
        Verdict.Inside => new Text($"inside: {row.Tolerance}", new Style(Color.Green)),
        Verdict.Outside => new Text($"outside: {row.Tolerance}", new Style(Color.Red)),
        _ => new Text(""),
    };
}
