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
    [InlineData("sim", "sweep", "--peers", "2-3")]
    [InlineData("sim", "exhaustive", "--places", "2")]
    [InlineData("sim", "exhaustive", "--places", "7")]
    [InlineData("sim", "exhaustive", "--places", "11", "--lists-only")]
    [InlineData("sim", "exhaustive", "--lists-only", "--variant", "original")]
    [InlineData("sim", "churn", "--hours", "0")]
    [InlineData("sim", "churn", "--clocks", "sundial")]
    [InlineData("sim", "storage", "--mutation", "forgetfulness")]
    [InlineData("sim", "storage", "--seeds", "0")]
    [InlineData("sim", "paper", "--only", "fig99")]
    [InlineData("sim", "paper", "--only", ",")]
    [InlineData("sim", "experiment", "fig10")]
    [InlineData("sim", "scenario", "nowhere")]
    [InlineData("sim", "run", "--record", "")]
    [InlineData("sim", "churn", "--record", "")]
    [InlineData("sim", "paper", "--quick", "--only", "fig13", "--out", "")]
    [InlineData("sim", "experiment", "partition", "--quick", "--out", "")]
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
    [InlineData("sim", "exhaustive", "--help")]
    [InlineData("sim", "churn", "--help")]
    [InlineData("sim", "storage", "--help")]
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

    [Theory]
    [InlineData("run", "--seed", "7")]
    [InlineData("churn", "--peers", "20", "--hours", "0.01")]
    public void A_run_is_recorded_and_says_where(params string[] args)
    {
        string folder = Directory.CreateTempSubdirectory("chord-").FullName;
        try
        {
            string file = Path.Combine(folder, "run.jsonl");
            CommandRun run = CommandRun.Of(["sim", .. args, "--record", file]);
            string[] lines = File.ReadAllLines(file);
            Assert.Equal(ExitCode.Done, run.ExitCode);
            Assert.Contains($"Recorded in {file}, {lines.Length} lines. Open it in the ring page.", run.Error);
            Assert.Equal((true, true), (lines[0].StartsWith("{\"recording\":1", StringComparison.Ordinal), lines[^1].Contains("\"end\":", StringComparison.Ordinal)));
            Assert.Equal([file], Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("run")]
    [InlineData("replay", "--seed", "7")]
    public void A_run_that_is_interrupted_ends_and_says_so(params string[] args)
    {
        CommandRun run = CommandRun.Of(["sim", .. args], Stream.Null, Stream.Null, new CancellationToken(canceled: true));
        Assert.Equal(new CommandRun(ExitCode.Failed, "", $"chord: interrupted.{Environment.NewLine}"), run);
    }

    [Fact]
    public void A_recording_that_cannot_be_written_is_refused_before_the_run()
    {
        CommandRun run = CommandRun.Of("sim", "run", "--record", "/no/such/folder/run.jsonl");
        Assert.Equal((ExitCode.Failed, "", "chord: there is no folder '/no/such/folder' to write 'run.jsonl' to.\n"), (run.ExitCode, run.Out, run.Error));
        Assert.Contains("--record takes a file", CommandRun.Of("sim", "run", "--record", "/tmp").Error);
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
    public void Objects_under_faults_are_told_and_a_broken_promise_fails()
    {
        CommandRun run = CommandRun.Of("sim", "storage", "--seeds", "20");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.StartsWith("20 seeds from 1: promises broken in 0", run.Out);

        CommandRun mutant = CommandRun.Of("sim", "storage", "--seeds", "100", "--mutation", "SkipOneReplica", "--json");
        Assert.Equal(ExitCode.Failed, mutant.ExitCode);
        using JsonDocument report = JsonDocument.Parse(mutant.Out);
        Assert.Contains("was acknowledged", report.RootElement.GetProperty("broken")[0].GetProperty("promise").GetString());
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
    public void A_violation_in_a_ring_of_another_size_is_replayed_in_that_size()
    {
        CommandRun sweep = CommandRun.Of("sim", "sweep", "--seeds", "60", "--variant", "original", "--peers", "13-16");
        string command = sweep.Out[sweep.Out.IndexOf("chord sim replay", StringComparison.Ordinal)..].Split('\n')[0];
        Assert.Contains("--peers 13-16", command);
        Assert.Equal(ExitCode.Failed, CommandRun.Of(command.Split(' ')[1..]).ExitCode);
    }

    [Fact]
    public void An_exhaustive_check_tells_how_many_states_there_are_and_that_none_is_wrong()
    {
        CommandRun run = CommandRun.Of("sim", "exhaustive", "--places", "4");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("15,135 states", run.Out);
        Assert.Contains("No violation in any state.", run.Out);
    }

    [Fact]
    public void An_exhaustive_check_of_the_original_protocol_fails_and_gives_the_way_to_a_violation()
    {
        CommandRun run = CommandRun.Of("sim", "exhaustive", "--places", "5", "--variant", "original", "--json");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(run.Out);
        Assert.Equal("LostRing", report.RootElement.GetProperty("violation").GetString());
        Assert.StartsWith("0 starts", report.RootElement.GetProperty("path")[0].GetString());
    }

    [Fact]
    public void Hours_of_churn_tell_what_happened_and_how_fast()
    {
        CommandRun run = CommandRun.Of("sim", "churn", "--peers", "50", "--hours", "0.5", "--session", "10");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains(" events in ", run.Out);
        Assert.Matches("[1-9][0-9]* crashed, [1-9][0-9]* joined, (49|50|51) are members", run.Out);
    }

    [Fact]
    public void A_scenario_fails_the_original_protocol_and_passes_ours()
    {
        Assert.Contains("at-least-one-ring", CommandRun.Of("sim", "scenario").Out);
        Assert.Equal(ExitCode.Failed, CommandRun.Of("sim", "scenario", "at-least-one-ring", "--variant", "original").ExitCode);
        Assert.Equal(ExitCode.Done, CommandRun.Of("sim", "scenario", "at-least-one-ring").ExitCode);
    }
}
