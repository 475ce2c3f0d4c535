using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Reports;

/// <summary>Which colour, as a style variable of the page, each series of a chart has.</summary>
internal static class PlotColour
{
    private static readonly string[] Ours = ["var(--ours)", "var(--more)", "var(--third)", "var(--fourth)", "var(--fifth)"];
    private static readonly string[] Papers = ["var(--paper)", "var(--paper-more)"];

    /// <summary>
    /// In the order of the chart's series. Those of the papers have colours of their own; what is aside is as faint as the others of its kind.
    /// </summary>
    public static IEnumerable<string> Of(Chart chart)
    {
        int ours = 0;
        int papers = 0;
        foreach (ChartSeries series in chart.Series)
        {
            yield return series.Style switch
            {
                ChartStyle.Ours => Ours[ours++ % Ours.Length],
                ChartStyle.Paper => Papers[papers++ % Papers.Length],
                _ => "var(--aside)",
            };
        }
    }
}
