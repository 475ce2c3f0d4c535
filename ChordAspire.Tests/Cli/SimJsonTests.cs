using System.Text.Json;
using ChordAspire.Cli;

namespace ChordAspire.Tests.Cli;

/// <summary>What the simulator's commands print for programs.</summary>
public sealed class SimJsonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chord-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("sim-run", "run", "--seed", "7")]
    [InlineData("sim-replay", "replay", "--seed", "7", "--last", "5")]
    [InlineData("sim-scenario", "scenario", "at-least-one-ring")]
    [InlineData("sim-churn", "churn", "--peers", "20", "--hours", "0.05")]
    [InlineData("sim-exhaustive", "exhaustive", "--places", "3")]
    [InlineData("sim-sweep", "sweep", "--seeds", "200", "--from", "5000")]
    [InlineData("sim-storage", "storage", "--seeds", "5")]
    [InlineData("sim-mixed", "mixed", "--seeds", "20")]
    public void Each_has_its_documented_shape(string schema, params string[] args) => JsonShape.Read(schema, CommandRun.Of(["sim", .. args, "--json"]).Out);

    [Fact]
    public void So_has_what_goes_wrong()
    {
        CommandRun sweep = CommandRun.Of("sim", "sweep", "--seeds", "300", "--variant", "original", "--json");
        Assert.Equal(ExitCode.Failed, sweep.ExitCode);
        JsonElement first = JsonShape.Read("sim-sweep", sweep.Out).GetProperty("violations")[0];
        CommandRun replay = CommandRun.Of("sim", "replay", "--seed", first.GetProperty("seed").GetRawText(), "--variant", "original", "--json");
        JsonElement again = JsonShape.Read("sim-replay", replay.Out);
        Assert.Equal((ExitCode.Failed, first.GetProperty("kind").GetString()), (replay.ExitCode, again.GetProperty("violation").GetString()));
        Assert.Contains("fingerprint: ", again.GetProperty("report").GetString(), StringComparison.Ordinal);
        JsonShape.Read("sim-exhaustive", CommandRun.Of("sim", "exhaustive", "--places", "5", "--variant", "original", "--json").Out);
    }

    [Fact]
    public void Scenarios_are_listed_a_line_each() =>
        Assert.All(CommandRun.Of("sim", "scenario", "--json").Out.TrimEnd().Split('\n'), line => JsonShape.Read("sim-scenarios", line));

    [Fact]
    public void A_report_has_its_documented_shape() =>
        JsonShape.Read("sim-report", CommandRun.Of("sim", "paper", "--quick", "--only", "fig13", "--out", _folder, "--json").Out);

    [Fact]
    public void Every_schema_is_closed_and_named_after_its_file()
    {
        Assert.NotEmpty(JsonShape.Names);
        Assert.All(JsonShape.Names, name =>
        {
            using JsonDocument schema = JsonDocument.Parse(JsonShape.TextOf(name));
            Assert.Equal($"chord-{name}.schema.json", schema.RootElement.GetProperty("$id").GetString());
            Assert.False(schema.RootElement.GetProperty("additionalProperties").GetBoolean());
        });
    }
}
