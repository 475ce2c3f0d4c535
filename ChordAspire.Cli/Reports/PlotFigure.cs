using System.Net;
using System.Text;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Reports;

/// <summary>A chart with its title and legend, which the browser sets: it knows how wide text is, and nothing drawn lies below it.</summary>
internal static class PlotFigure
{
    /// <param name="chart">What to draw.</param>
    /// <param name="name">Unique among the figures of one page.</param>
    public static string Html(Chart chart, string name)
    {
        var figure = new StringBuilder();
        figure.Append($"<figure id=\"{name}\"><figcaption><b>{WebUtility.HtmlEncode(chart.Title)}</b>");
        foreach ((ChartSeries series, string colour) in chart.Series.Zip(PlotColour.Of(chart)))
            figure.Append($" <span>{KeyOf(series.Style, colour)}{WebUtility.HtmlEncode(series.Name)}</span>");
        figure.Append($"</figcaption>{PlotDrawing.Svg(chart, name)}</figure>\n");
        return figure.ToString();
    }

    private static string KeyOf(ChartStyle style, string colour) => style switch
    {
        ChartStyle.Ours => $"<svg class=\"key\" viewBox=\"0 0 24 10\"><path d=\"M0 5H24\" style=\"stroke:{colour};stroke-width:2\"/><circle cx=\"12\" cy=\"5\" r=\"3\" style=\"fill:{colour}\"/></svg>",
        ChartStyle.Paper => $"<svg class=\"key\" viewBox=\"0 0 24 10\"><path d=\"M12 0l5 5-5 5-5-5z\" style=\"fill:{colour}\"/></svg>",
        _ => $"<svg class=\"key\" viewBox=\"0 0 24 10\"><path d=\"M0 5H24\" style=\"stroke:{colour};stroke-width:1.5\"/></svg>",
    };
}
