using ChordAspire.Observatory;
using ChordAspire.Protocol;
using ChordAspire.Simulation;
using ChordAspire.Tests.Cli;
using Microsoft.Extensions.Time.Testing;

namespace ChordAspire.Tests.ObservatoryRoom;

/// <summary>Runs of the simulator, recorded and shown again.</summary>
public sealed class RecordingTests
{
    private const string Header = """{"recording":1,"title":"by hand","bits":8,"successorListLength":2}""";

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_shown_at_the_end_is_the_ring_at_the_end()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            RecordedRun run = await RecordedRun.OfAsync(seed, Cancellation);
            var player = new RecordingPlayer(run.Recording, _time);
            player.GoTo(run.Recording.Duration);
            RingSnapshot ring = run.Ring.Snapshot();
            PeerMark[] shown = [.. player.Picture.Peers.Where(mark => mark.IsInRing || mark.Standing == Standing.Joining)];
            Assert.Equal(
                ring.Peers.Select(peer => (peer.Self.Id, peer.Predecessor?.Id, string.Join(' ', peer.Successors.Peers))),
                shown.Select(mark => (mark.Self.Id, mark.Predecessor?.Id, string.Join(' ', mark.Successors))));
            Assert.Equal((seed, ring.IsIdeal, run.Outcome.Verdict.ToString()), (seed, run.Recording.Course[^1].IsIdeal, run.Recording.Verdict));
        }
    }

    [Fact]
    public async Task A_recorded_run_is_the_same_run()
    {
        for (ulong seed = 1; seed <= 50; seed++)
            Assert.Equal(PlanRun.Run(new Seed(seed)).Hash, (await RecordedRun.OfAsync(seed, Cancellation)).Outcome.Hash);
    }

    [Fact]
    public async Task Every_line_has_the_documented_shape() =>
        Assert.All((await RecordedRun.OfAsync(7, Cancellation)).Text.TrimEnd().Split('\n'), line => JsonShape.Read("recording", line));

    [Fact]
    public async Task Lookups_and_what_befell_peers_are_told()
    {
        RecordedRun run = await RecordedRun.OfAsync(7, Cancellation);
        // When all is quiet again each member looks up one key more.
        int lookups = run.Outcome.LookupsUnderFaults.Ended + run.Ring.Snapshot().Members.Length;
        Assert.Equal(lookups, run.Recording.Happenings.Count(happening => happening.Kind == HappeningKind.Lookup));
        Assert.Contains(run.Recording.Happenings, happening => happening.Kind == HappeningKind.Failure);
        Assert.Contains(run.Recording.Happenings, happening => happening.Kind == HappeningKind.Repair);
        var player = new RecordingPlayer(run.Recording, _time);
        player.GoTo(run.Recording.Lookups[0].At);
        Assert.Same(run.Recording.Lookups[0].Walk, player.Walk);
    }

    [Fact]
    public async Task Steps_go_there_and_back_the_same_way()
    {
        RecordedRun run = await RecordedRun.OfAsync(7, Cancellation);
        var player = new RecordingPlayer(run.Recording, _time);
        TimeSpan[] moments = [.. run.Recording.Changes.Select(change => change.At).Distinct()];
        List<string> there = [DrawingOf(player.Picture)];
        foreach (TimeSpan moment in moments.Skip(1))
        {
            player.StepForward();
            Assert.Equal(moment, player.Position);
            there.Add(DrawingOf(player.Picture));
        }
        for (int i = moments.Length - 2; i >= 0; i--)
        {
            player.StepBack();
            Assert.Equal((moments[i], there[i]), (player.Position, DrawingOf(player.Picture)));
        }
    }

    [Fact]
    public async Task It_plays_as_fast_as_it_is_told_and_stops_at_the_end()
    {
        var player = new RecordingPlayer((await RecordedRun.OfAsync(7, Cancellation)).Recording, _time);
        player.Play();
        _time.Advance(TimeSpan.FromSeconds(1));
        player.Tick();
        player.Speed = 4;
        _time.Advance(TimeSpan.FromSeconds(1));
        player.Tick();
        Assert.Equal(TimeSpan.FromSeconds(5), player.Position);
        player.Pause();
        _time.Advance(TimeSpan.FromSeconds(1));
        player.Tick();
        Assert.Equal(TimeSpan.FromSeconds(5), player.Position);
        player.Play();
        _time.Advance(TimeSpan.FromMinutes(1));
        player.Tick();
        Assert.Equal((player.Recording.Duration, false), (player.Position, player.IsPlaying));
        player.Play();
        Assert.Equal((TimeSpan.Zero, true), (player.Position, player.IsPlaying));
    }

    [Theory]
    [InlineData("The file is empty.")]
    [InlineData("Line 1 is no JSON: the file is no recording of 'chord sim run --record'.", "not json")]
    [InlineData("Line 1 is no JSON object.", "[1]")]
    [InlineData("Line 1 does not say which recording this is: the file is none.", """{"at":0}""")]
    [InlineData("Line 1 is of version 2; this page reads version 1. Take the page and the chord tool of one release.", """{"recording":2}""")]
    [InlineData("Line 1 has 200 bits and lists of 2.", """{"recording":1,"title":"","bits":200,"successorListLength":2}""")]
    [InlineData("Line 2 is no JSON: the recording is damaged.", Header, """{"at":0,"peer":""")]
    [InlineData("Line 2 has not the shape of docs/schemas/recording.schema.json.", Header, """{"peer":1}""")]
    [InlineData("Line 2 has not the shape of docs/schemas/recording.schema.json.", Header, """{"at":0,"peer":7,"id":"1f","address":"a","state":"member","fingers":[[1]]}""")]
    [InlineData("Line 2 names peer 7, which no line introduces.", Header, """{"at":0,"peer":7,"state":"member"}""")]
    [InlineData("Line 2 has the identifier '1ff', which has not 8 bits.", Header, """{"at":0,"peer":7,"id":"1ff","address":"a","state":"member"}""")]
    [InlineData("Line 3 introduces a peer again, or one too many.", Header, """{"at":0,"peer":7,"id":"1f","address":"a","state":"member"}""", """{"at":0,"peer":8,"id":"1f","address":"a","state":"member"}""")]
    [InlineData("Line 2 has the state 'asleep'; there are joining, member, leaving, left and dead.", Header, """{"at":0,"peer":7,"id":"1f","address":"a","state":"asleep"}""")]
    [InlineData("Line 3 goes back in time.", Header, """{"at":2,"ideal":true}""", """{"at":1,"ideal":false}""")]
    [InlineData("Line 2 goes back in time.", Header, """{"at":-1,"ideal":true}""")]
    public async Task What_is_no_recording_is_refused_with_the_line(string message, params string[] lines) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<RecordingException>(() => RecordedRun.ReadAsync(string.Join('\n', lines), Cancellation))).Message);

    [Fact]
    public async Task More_peers_than_a_page_can_draw_are_refused()
    {
        string[] lines = [Header.Replace("\"bits\":8", "\"bits\":16", StringComparison.Ordinal), .. Enumerable.Range(0, 4097).Select(i => $$"""{"at":0,"peer":{{i}},"id":"{{i:x4}}","address":"a","state":"member"}""")];
        RecordingException refused = await Assert.ThrowsAsync<RecordingException>(() => RecordedRun.ReadAsync(string.Join('\n', lines), Cancellation));
        Assert.Equal("Line 4098 makes more than 4,096 peers alive at once, which is more than this page draws. Record a smaller ring.", refused.Message);
        Assert.Equal(4096, (await RecordedRun.ReadAsync(string.Join('\n', lines[..^1]), Cancellation)).Changes.Length);
    }

    private static string DrawingOf(RingPicture picture) =>
        string.Join('\n', picture.Peers.Select(mark => $"{mark.Self} {mark.Standing} {mark.Predecessor} {string.Join(' ', mark.Successors)} {string.Join(' ', mark.Fingers)}"));
}
