using System.Text.Json;
using System.Text.RegularExpressions;
using ChordAspire.Cli;

namespace ChordAspire.Tests.Cli;

public sealed partial class PaperCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chord-papers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_report_as_JSON_has_a_verdict_on_every_row()
    {
        CommandRun run = CommandRun.Of("sim", "paper", "--quick", "--only", "fig13,fig8", "--json", "--out", _folder);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(run.Out);
        JsonElement[] experiments = [.. report.RootElement.GetProperty("experiments").EnumerateArray()];
        Assert.Equal(["fig8", "fig13"], experiments.Select(experiment => experiment.GetProperty("id").GetString()));
        Assert.All(experiments.SelectMany(experiment => experiment.GetProperty("rows").EnumerateArray()), row =>
        {
            Assert.True(double.IsFinite(row.GetProperty("ours").GetDouble()));
            Assert.Contains(row.GetProperty("verdict").GetString(), (string[])["inside", "reported"]);
        });
        Assert.Equal(run.Out.TrimEnd(), File.ReadAllText(Path.Combine(_folder, "report.json")));
    }

    [Fact]
    public void The_page_needs_nothing_else()
    {
        CommandRun.Of("sim", "paper", "--quick", "--only", "fig13", "--out", _folder);
        string page = File.ReadAllText(Path.Combine(_folder, "report.html"));
        Assert.Contains("<svg", page);
        Assert.Contains("prefers-color-scheme: dark", page);
        Assert.DoesNotMatch(FromElsewhere(), page);
        // A colour that was not replaced would be black on black in the dark.
        Assert.DoesNotMatch(ColourOfItsOwn(), page);
    }

    [Fact]
    public void Every_series_of_a_chart_stands_in_its_legend_in_a_colour_of_its_own()
    {
        CommandRun.Of("sim", "paper", "--quick", "--only", "table2", "--out", _folder);
        string page = File.ReadAllText(Path.Combine(_folder, "report.html"));
        string figure = page[page.IndexOf("<figure", StringComparison.Ordinal)..page.IndexOf("</figure>", StringComparison.Ordinal)];
        string[] colours = [.. LegendColour().Matches(figure).Select(match => match.Value)];
        Assert.Equal(3, colours.Distinct().Count());
        Assert.All(colours, colour => Assert.Contains(colour, figure[figure.IndexOf("viewBox=\"0 0 620", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void An_experiment_beyond_the_papers_names_the_command_that_repeats_it()
    {
        CommandRun run = CommandRun.Of("sim", "experiment", "partition", "--quick", "--seed", "3", "--json", "--out", _folder);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(run.Out);
        Assert.Equal("chord sim experiment partition --seed 3 --quick", report.RootElement.GetProperty("command").GetString());
        Assert.Contains("partition", run.Error);
        Assert.Contains("<h1>Beyond the Chord papers</h1>", File.ReadAllText(Path.Combine(_folder, "report.html")));
    }

    [Fact]
    public void Tables_have_no_colours_where_there_is_no_terminal()
    {
        CommandRun run = CommandRun.Of("sim", "paper", "--quick", "--only", "fig13", "--out", _folder);
        Assert.Contains("best reproduction", run.Out);
        Assert.DoesNotContain("\u001b", run.Out + run.Error);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_in_one_line()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        CommandRun run = CommandRun.Of("sim", "paper", "--quick", "--only", "fig13", "--out", Path.Combine(file, "inside"));
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        // Nothing else: the experiments have not been run in vain.
        Assert.StartsWith("chord: ", run.Error);
    }

    [GeneratedRegex("""(src|href)=["']?(https?:|//)|@import|url\((?!#)""")]
    private static partial Regex FromElsewhere();

    [GeneratedRegex(@"(?<=class=""key"".{1,90})var\(--[a-z-]+\)")]
    private static partial Regex LegendColour();

    [GeneratedRegex(@"(stroke|fill):(black|rgb\()")]
    private static partial Regex ColourOfItsOwn();
}
