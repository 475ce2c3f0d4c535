using System.Net;
using System.Text;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Reports;

/// <summary>A report as one page that needs nothing else: plots are drawn into it.</summary>
internal static class HtmlReport
{
    public static string Of(PaperReport report)
    {
        var page = new StringBuilder();
        page.Append(Head);
        page.Append($"<h1>The Chord papers, done again</h1>\n<p>{Text(report.Summary)} Everything ran on the production protocol, in the simulator. Again: <code>{Text(report.Command)}</code></p>\n<ul>\n");
        foreach (PaperReport.Section section in report.Sections)
            page.Append($"<li><a href=\"#{section.Experiment.Id}\">{Text(section.Experiment.Id)}</a> {Text(section.Experiment.Title)}</li>\n");
        page.Append("</ul>\n");
        foreach (PaperReport.Section section in report.Sections)
            Append(page, section);
        page.Append("<h2>Sources</h2>\n<dl>\n");
        foreach ((string name, string source) in Published.Sources.OrderBy(source => source.Key, StringComparer.Ordinal))
            page.Append($"<dt>{Text(name)}</dt><dd>{Text(source)}</dd>\n");
        page.Append("</dl>\n</main></body></html>\n");
        return page.ToString();
    }

    private static void Append(StringBuilder page, PaperReport.Section section)
    {
        page.Append($"<section id=\"{section.Experiment.Id}\">\n<h2>{Text(section.Experiment.Title)}</h2>\n");
        page.Append(FormattableString.Invariant($"<p>{Text(section.Experiment.Source)}; {section.Took.TotalSeconds:0.0} s. {Text(section.Experiment.Setting)}</p>\n<div class=\"charts\">\n"));
        int at = 0;
        foreach (Chart chart in section.Findings.Charts)
            page.Append($"<figure>{PlotDrawing.Svg(chart, $"{section.Experiment.Id}-{at++}")}</figure>\n");
        page.Append("</div>\n<table><thead><tr><th></th><th>quantity</th><th>paper</th><th>ours</th><th>best reproduction</th><th>tolerance</th></tr></thead><tbody>\n");
        foreach (FindingRow row in section.Findings.Rows)
            Append(page, row);
        page.Append("</tbody></table>\n");
        foreach (string note in section.Findings.Notes)
            page.Append($"<p>{Text(note)}</p>\n");
        page.Append("</section>\n");
    }

    private static void Append(StringBuilder page, FindingRow row)
    {
        string verdict = row.Tolerance is null ? "" : $"<b>{row.Verdict.ToString().ToLowerInvariant()}</b> {Text(row.Tolerance.ToString())}: {Text(row.Tolerance.Reason)}";
        page.Append($"<tr class=\"{row.Verdict.ToString().ToLowerInvariant()}\"><td>{Text(row.Row)}</td><td>{Text(row.Quantity)}</td><td>{Text(row.Paper)}</td><td>{Text(row.Ours)}</td><td>{Text(row.Best)}</td><td>{verdict}</td></tr>\n");
    }

    private static string Text<T>(T value) => WebUtility.HtmlEncode(value?.ToString() ?? "");

    private const string Head =
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>The Chord papers, done again</title>
        <style>
        :root { color-scheme: light dark; --page: #fff; --ink: #222; --grid: #ccc; --ours: #1c6dd0; --aside: #7aa7dd; --paper: #c2410c; --more: #15803d; --good: #15803d; --bad: #b91c1c; }
        @media (prefers-color-scheme: dark) { :root { --page: #16181d; --ink: #e2e4e9; --grid: #444955; --ours: #6fb1ff; --aside: #47719f; --paper: #ff9d5c; --more: #5fd38d; --good: #5fd38d; --bad: #ff8080; } }
        body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 1320px; margin: 0 auto; padding: 1em; }
        a { color: var(--ours); } figure { margin: 0; } svg { max-width: 100%; height: auto; }
        .charts { display: flex; flex-wrap: wrap; gap: 1em; }
        table { border-collapse: collapse; width: 100%; } th { text-align: left; }
        th, td { border-bottom: 1px solid var(--grid); padding: .2em .6em; vertical-align: top; }
        td:nth-child(n+3):nth-child(-n+5) { white-space: nowrap; } td:nth-child(4) { font-weight: 600; }
        td:last-child { font-size: 13px; } .inside b { color: var(--good); } .outside b { color: var(--bad); }
        </style></head><body><main>

        """;
}
