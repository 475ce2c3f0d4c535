using System.Text.Json;
using ChordAspire.Cli;

namespace ChordAspire.Tests.Cli;

public sealed class SimCommandTests
{
    [Theory]
    [InlineData("sim", "swep")]
    [InlineData("sim")]
    [InlineData("sim", "replay")]
    [InlineData("sim", "replay", "--seed", "1", "--last", "-1")]
    [InlineData("sim", "sweep", "--seeds", "0")]
    [InlineData("sim", "sweep", "--seeds", "many")]
    [InlineData("sim", "paper", "--only", "fig99")]
    [InlineData("sim", "paper", "--only", ",")]
    [InlineData("sim", "experiment", "fig10")]
    [InlineData("sim", "scenario", "nowhere")]
    [InlineData("sim", "sweep", "--variant", "mine")]
    public void A_wrong_command_line_is_refused_in_one_line(params string[] args)
    {
        CommandRun run = CommandRun.Of(args);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("chord: ", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("sim", "--help")]
    [InlineData("sim", "paper", "--help")]
    [InlineData("sim", "experiment", "--help")]
    [InlineData("sim", "run", "--help")]
    [InlineData("sim", "sweep", "--help")]
    [InlineData("sim", "replay", "--help")]
    [InlineData("sim", "scenario", "--help")]
    public void Every_command_explains_itself(params string[] args)
    {
        CommandRun run = CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("Usage:", run.Out);
    }

    [Fact]
    public void A_run_tells_what_happened_and_draws_the_ring()
    {
        CommandRun run = CommandRun.Of("sim", "run", "--seed", "7");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.StartsWith("seed 7: ", run.Out);
        Assert.Contains("members, ideal", run.Out);
    }

    [Fact]
    public void A_replay_tells_the_same_events_each_time()
    {
        CommandRun first = CommandRun.Of("sim", "replay", "--seed", "7");
        Assert.Equal(ExitCode.Done, first.ExitCode);
        Assert.Contains("its process ended", first.Out);
        Assert.Contains("the same to the last event", first.Out);
        Assert.Equal(first, CommandRun.Of("sim", "replay", "--seed", "7"));
    }

    [Fact]
    public void A_sweep_is_given_as_JSON_too()
    {
        CommandRun run = CommandRun.Of("sim", "sweep", "--seeds", "200", "--from", "5000", "--json");
        using JsonDocument report = JsonDocument.Parse(run.Out);
        Assert.Equal(200, report.RootElement.GetProperty("seeds").GetInt32());
        Assert.Empty(report.RootElement.GetProperty("violations").EnumerateArray());
        Assert.Equal(report.RootElement.GetProperty("passed").GetBoolean() ? ExitCode.Done : ExitCode.Failed, run.ExitCode);
    }

    [Fact]
    public void A_sweep_too_small_to_show_anything_fails_and_says_so()
    {
        CommandRun run = CommandRun.Of("sim", "sweep", "--seeds", "1");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("never happened", run.Out);
    }

    [Fact]
    public void A_sweep_over_the_original_protocol_finds_violations_and_how_to_replay_them()
    {
        CommandRun sweep = CommandRun.Of("sim", "sweep", "--seeds", "300", "--variant", "original");
        Assert.Equal(ExitCode.Failed, sweep.ExitCode);
        string command = sweep.Out[sweep.Out.IndexOf("chord sim replay", StringComparison.Ordinal)..].Split('\n')[0];
        CommandRun replay = CommandRun.Of(command.Split(' ')[1..]);
        Assert.Equal(ExitCode.Failed, replay.ExitCode);
        Assert.Contains("fingerprint: ", replay.Out);
    }

    [Fact]
    public void A_scenario_fails_the_original_protocol_and_passes_ours()
    {
        Assert.Contains("at-least-one-ring", CommandRun.Of("sim", "scenario").Out);
        Assert.Equal(ExitCode.Failed, CommandRun.Of("sim", "scenario", "at-least-one-ring", "--variant", "original").ExitCode);
        Assert.Equal(ExitCode.Done, CommandRun.Of("sim", "scenario", "at-least-one-ring").ExitCode);
    }
}
