using System.Globalization;
using System.Text.RegularExpressions;
using ChordAspire.Simulation.Experiments;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace ChordAspire.Cli.Reports;

/// <summary>
/// Draws a chart as SVG whose colours are style variables, so that one drawing serves light and dark pages. Title and legend are the page's (<see
/// cref="PlotFigure"/>).
/// </summary>
internal static partial class PlotDrawing
{
    private const int Width = 620;
    private const int Height = 340;

    // Colours that stand for variables until the drawing is done: no other part of it is drawn in them.
    private static readonly OxyColor Ink = OxyColor.FromRgb(1, 0, 0);
    private static readonly OxyColor Grid = OxyColor.FromRgb(2, 0, 0);

    /// <param name="chart">What to draw.</param>
    /// <param name="name">Unique among the drawings of one page: identifiers inside begin with it.</param>
    public static string Svg(Chart chart, string name)
    {
        // Arial's widths are the ones that the library measures text by; the page shows it in a font of the same widths, or nearly so.
        var model = new PlotModel { TextColor = Ink, PlotAreaBorderColor = Grid, DefaultFont = "Arial", Padding = new OxyThickness(4, 8, 16, 4) };
        double[] across = [.. chart.Series.SelectMany(series => series.Points).Select(point => point.X)];
        double[] up = [.. chart.Series.SelectMany(series => series.Points).Select(point => point.Y)];
        model.Axes.Add(Axis(AxisPosition.Bottom, chart.X, chart.LogX, across));
        model.Axes.Add(Axis(AxisPosition.Left, chart.Y, chart.LogY, up));
        OxyColor[] colours = [.. chart.Series.Select((_, at) => OxyColor.FromRgb((byte)(10 + at), 0, 0))];
        for (int i = 0; i < chart.Series.Length; i++)
            model.Series.Add(Draw(chart.Series[i], colours[i]));
        string svg = new SvgExporter { Width = Width, Height = Height, IsDocument = false }.ExportToString(model);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        svg = FixedSize().Replace(svg, string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\""), 1);
        svg = Clips().Replace(svg, $"clip-{name}-");
        svg = svg.Replace("rgb(1,0,0)", "var(--ink)", StringComparison.Ordinal).Replace("rgb(2,0,0)", "var(--grid)", StringComparison.Ordinal);
        int series = 0;
        foreach (string variable in PlotColour.Of(chart))
            svg = svg.Replace(string.Create(CultureInfo.InvariantCulture, $"rgb({10 + series++},0,0)"), variable, StringComparison.Ordinal);
        return svg;
    }

    private static Axis Axis(AxisPosition position, string title, bool isLogarithmic, double[] values)
    {
        Axis axis = isLogarithmic ? new LogarithmicAxis() : new LinearAxis();
        // Sizes of rings are powers of two, and read best so.
        if (axis is LogarithmicAxis logarithmic && values.All(value => value > 0 && double.IsPow2(value)))
            logarithmic.Base = 2;
        axis.Position = position;
        axis.Title = title;
        axis.AxisTitleDistance = position == AxisPosition.Left ? 22 : 10;
        axis.LabelFormatter = value => value.ToString("#,0.#####", CultureInfo.InvariantCulture);
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = Grid;
        axis.TicklineColor = axis.MinorTicklineColor = Grid;
        axis.AxislineColor = Ink;
        axis.MinimumPadding = axis.MaximumPadding = 0.05;
        // A linear scale that does not begin at nothing makes differences look larger than they are.
        if (!isLogarithmic && values.Length > 0 && values.Min() >= 0)
            axis.Minimum = position == AxisPosition.Left ? -0.02 * Math.Max(values.Max(), double.Epsilon) : double.NaN;
        return axis;
    }

    private static LineSeries Draw(ChartSeries series, OxyColor colour)
    {
        var line = new LineSeries
        {
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

    [GeneratedRegex("""<svg width="\d+" height="\d+" """)]
    private static partial Regex FixedSize();

    [GeneratedRegex("""clipPath(?=\d)""")]
    private static partial Regex Clips();
}
