using ChordAspire.Simulation.Experiments;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace ChordAspire.Cli.Reports;

/// <summary>Draws a chart as SVG whose colours are style variables, so that one drawing serves light and dark pages.</summary>
internal static class PlotDrawing
{
    private const int Width = 620;
    private const int Height = 360;

    // Colours that stand for variables until the drawing is done: no other part of it is drawn in them.
    private static readonly (OxyColor Colour, string Variable)[] Palette =
    [
        (OxyColor.FromRgb(1, 0, 0), "var(--ink)"), (OxyColor.FromRgb(2, 0, 0), "var(--grid)"), (OxyColor.FromRgb(3, 0, 0), "var(--ours)"),
        (OxyColor.FromRgb(4, 0, 0), "var(--aside)"), (OxyColor.FromRgb(5, 0, 0), "var(--paper)"), (OxyColor.FromRgb(6, 0, 0), "var(--more)"),
    ];

    private static OxyColor Ink => Palette[0].Colour;

    /// <param name="chart">What to draw.</param>
    /// <param name="name">Unique among the drawings of one page: identifiers inside begin with it.</param>
    public static string Svg(Chart chart, string name)
    {
        var model = new PlotModel { Title = chart.Title, TitleFontSize = 14, TitleFontWeight = FontWeights.Normal, TextColor = Ink, PlotAreaBorderColor = Palette[1].Colour };
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft, LegendTextColor = Ink });
        model.Axes.Add(Axis(AxisPosition.Bottom, chart.X, chart.LogX));
        model.Axes.Add(Axis(AxisPosition.Left, chart.Y, chart.LogY));
        int ours = 0;
        foreach (ChartSeries series in chart.Series)
            model.Series.Add(Draw(series, series.Style == ChartStyle.Ours && ours++ > 0 ? Palette[5].Colour : ColourOf(series.Style)));
        string svg = new SvgExporter { Width = Width, Height = Height, IsDocument = false }.ExportToString(model);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].Replace("clipPath", $"clip-{name}-", StringComparison.Ordinal);
        svg = svg.Replace($"<clip-{name}-", "<clipPath", StringComparison.Ordinal).Replace($"</clip-{name}-", "</clipPath", StringComparison.Ordinal);
        foreach ((OxyColor colour, string variable) in Palette)
            svg = svg.Replace($"rgb({colour.R},{colour.G},{colour.B})", variable, StringComparison.Ordinal);
        return svg;
    }

    private static OxyColor ColourOf(ChartStyle style) => style switch
    {
        ChartStyle.Ours => Palette[2].Colour,
        ChartStyle.Aside => Palette[3].Colour,
        _ => Palette[4].Colour,
    };

    private static Axis Axis(AxisPosition position, string title, bool isLogarithmic)
    {
        Axis axis = isLogarithmic ? new LogarithmicAxis() : new LinearAxis();
        axis.Position = position;
        axis.Title = title;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = Palette[1].Colour;
        axis.TicklineColor = axis.MinorTicklineColor = Palette[1].Colour;
        axis.AxislineColor = Ink;
        axis.MinimumPadding = axis.MaximumPadding = 0.05;
        return axis;
    }

    private static LineSeries Draw(ChartSeries series, OxyColor colour)
    {
        var line = new LineSeries
        {
            Title = series.Name,
            Color = colour,
            LineStyle = series.Style == ChartStyle.Paper ? LineStyle.None : LineStyle.Solid,
            StrokeThickness = series.Style == ChartStyle.Ours ? 2 : 1,
            MarkerType = series.Style switch { ChartStyle.Ours => MarkerType.Circle, ChartStyle.Paper => MarkerType.Diamond, _ => MarkerType.None },
            MarkerSize = series.Style == ChartStyle.Paper ? 5 : 3,
            MarkerFill = colour,
        };
        line.Points.AddRange(series.Points.Select(point => new DataPoint(point.X, point.Y)));
        return line;
    }
}
