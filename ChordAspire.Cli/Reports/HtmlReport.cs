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
        page.Append(Head.Replace("{title}", Text(report.Title), StringComparison.Ordinal));
        page.Append($"<h1>{Text(report.Title)}</h1>\n<p>{Text(report.Summary)} Everything ran on the production protocol, in the simulator. Again: <code>{Text(report.Command)}</code></p>\n");
        AppendOutside(page, report);
        page.Append("<nav><ul>\n");
        foreach (PaperReport.Section section in report.Sections)
            page.Append($"<li><a href=\"#{section.Experiment.Id}\">{Text(section.Experiment.Id)}</a> {Text(section.Experiment.Title)}</li>\n");
        page.Append("</ul></nav>\n");
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
            page.Append(PlotFigure.Html(chart, $"{section.Experiment.Id}-{at++}"));
        page.Append("</div>\n<div class=\"wide\"><table><thead><tr><th></th><th>quantity</th><th>paper</th><th>ours</th><th>best reproduction</th><th>tolerance</th></tr></thead><tbody>\n");
        string? last = null;
        foreach (FindingRow row in section.Findings.Rows)
        {
            Append(page, row, isNext: row.Row != last);
            last = row.Row;
        }
        page.Append("</tbody></table></div>\n");
        foreach (string note in section.Findings.Notes)
            page.Append($"<p>{Text(note)}</p>\n");
        page.Append("</section>\n");
    }

    /// <summary>What is outside stands first: whoever opens the page should not have to look for it.</summary>
    private static void AppendOutside(StringBuilder page, PaperReport report)
    {
        foreach ((PaperReport.Section section, FindingRow row) in report.Outside)
        {
            page.Append($"<p class=\"outside\"><b>outside</b> <a href=\"#{section.Experiment.Id}\">{Text(section.Experiment.Id)}</a>, {Text(row.Row)}, {Text(row.Quantity)}: {Text(row.Ours)}, ");
            page.Append($"wanted {Text(row.Tolerance)}</p>\n");
        }
    }

    private static void Append(StringBuilder page, FindingRow row, bool isNext)
    {
        string verdict = row.Tolerance is null ? "" : $"<b>{row.Verdict.ToString().ToLowerInvariant()}</b> {Text(row.Tolerance.ToString())}: {Text(row.Tolerance.Reason)}";
        page.Append($"<tr class=\"{row.Verdict.ToString().ToLowerInvariant()}{(isNext ? " next" : "")}\"><td>{(isNext ? Text(row.Row) : "")}</td><td>{Text(row.Quantity)}</td><td>{Text(row.Paper)}</td><td>{Text(row.Ours)}</td><td>{Text(row.Best)}</td><td>{verdict}</td></tr>\n");
    }

    private static string Text<T>(T value) => WebUtility.HtmlEncode(value?.ToString() ?? "");

    private const string Head =
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{title}</title>
        <style>
        :root { color-scheme: light dark; --page: #fff; --ink: #222; --grid: #ddd; --ours: #1c6dd0; --aside: #6b93c4; --paper: #c2410c; --paper-more: #b45309; --more: #15803d;
          --third: #8b3fb8; --fourth: #b07d00; --fifth: #5b6270; --good: #15803d; --bad: #b91c1c; }
        @media (prefers-color-scheme: dark) { :root { --page: #16181d; --ink: #e2e4e9; --grid: #3a3f4a; --ours: #6fb1ff; --aside: #7f9fc6; --paper: #ff9d5c; --paper-more: #ffd166; --more: #5fd38d;
          --third: #c792ea; --fourth: #e6b93d; --fifth: #a3abba; --good: #5fd38d; --bad: #ff8080; } }
        body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 1320px; margin: 0 auto; padding: 1em; }
        h2 { margin-top: 2em; border-top: 1px solid var(--grid); padding-top: .6em; }
        a { color: var(--ours); } code { overflow-wrap: anywhere; } p { max-width: 90em; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr)); gap: 1.5em; margin-bottom: 1em; }
        figure { margin: 0; max-width: 720px; } figure > svg { width: 100%; height: auto; } svg text { font-family: Arial, "Liberation Sans", sans-serif; }
        figcaption b { margin-right: .8em; } figcaption span { white-space: nowrap; margin-right: .8em; font-size: 13px; } .key { width: 24px; height: 10px; margin-right: .3em; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th { text-align: left; white-space: nowrap; }
        th, td { padding: .15em .6em; vertical-align: top; } .next td { border-top: 1px solid var(--grid); }
        td:nth-child(-n+5) { white-space: nowrap; } th:nth-child(n+3):nth-child(-n+5), td:nth-child(n+3):nth-child(-n+5) { text-align: right; } td:nth-child(4) { font-weight: 600; }
        td:last-child { font-size: 13px; min-width: 18em; } .inside b { color: var(--good); } .outside b { color: var(--bad); } tr.outside td:nth-child(4) { color: var(--bad); }
        </style></head><body><main>

        """;
}
