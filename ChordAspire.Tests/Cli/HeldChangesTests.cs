using ChordAspire.Cli;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Cli;

/// <summary>When <c>chord watch</c> tells that peers hold other objects.</summary>
public sealed class HeldChangesTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly PeerRef Peer = new(Identifier.FromUInt64(8, 50), "127.0.0.1:23000");

    [Fact]
    public void What_a_peer_holds_when_it_is_first_seen_is_no_change() => Assert.Empty(Told(0.5, 7, 7, 7, 7, 7, 7, 7, 7));

    [Fact]
    public void Changes_within_a_short_time_are_one_line() =>
        Assert.Equal(["3.5 objects: 4 (400 bytes), were 0 (0 bytes)"], Told(0.5, 0, 1, 2, 4, 4, 4, 4, 4, 4, 4, 4));

    [Fact]
    public void What_goes_on_changing_is_told_every_ten_seconds() =>
        Assert.Equal(
            ["11 objects: 11 (1.10 kB), were 0 (0 bytes)", "22 objects: 22 (2.20 kB), were 11 (1.10 kB)"],
            Told(1, [.. Enumerable.Range(0, 24).Select(second => (long?)second)]));

    [Fact]
    public void What_comes_back_within_that_time_is_none() => Assert.Empty(Told(0.5, 5, 6, 6, 5, 5, 5, 5, 5, 5, 5, 5));

    [Fact]
    public void Who_looks_seldom_is_told_at_once() => Assert.Equal(["60 objects: 6 (600 bytes), were 5 (500 bytes)"], Told(60, 5, 6, 6));

    [Fact]
    public void A_peer_that_is_silent_for_a_while_is_compared_with_what_it_held_before() =>
        Assert.Equal(["4 objects: 6 (600 bytes), were 5 (500 bytes)"], Told(1, 5, null, 6, 6, 6, 6));

    [Fact]
    public void What_was_not_told_yet_is_told_at_the_end()
    {
        var changes = new HeldChanges(TimeSpan.FromSeconds(1));
        Assert.Empty(changes.After(Ring(1), Begin));
        Assert.Empty(changes.After(Ring(2), Begin.AddSeconds(1)));
        RingChange change = Assert.Single(changes.AtTheEnd(Begin.AddSeconds(1.5)));
        Assert.Equal(("objects", Peer, new HeldCount(2, 200)), (change.Event, change.Peer, change.Held));
        Assert.Empty(changes.AtTheEnd(Begin.AddSeconds(2)));
    }

    [Fact]
    public void A_peer_that_is_gone_is_forgotten()
    {
        var changes = new HeldChanges(TimeSpan.FromSeconds(5));
        Assert.Empty(changes.After(Ring(1), Begin));
        Assert.Empty(changes.After(new RingReading(new ChordParameters(8, 2), []), Begin.AddSeconds(5)));
        Assert.Empty(changes.After(Ring(9), Begin.AddSeconds(10)));
    }

    /// <summary>What is told of a peer that holds so many objects of 100 bytes at each look; null where it is silent.</summary>
    private static List<string> Told(double interval, params long?[] looks)
    {
        var changes = new HeldChanges(TimeSpan.FromSeconds(interval));
        List<string> told = [];
        for (int i = 0; i < looks.Length; i++)
        {
            DateTimeOffset time = Begin.AddSeconds(i * interval);
            told.AddRange(changes.After(Ring(looks[i]), time).Select(change => FormattableString.Invariant($"{(change.Time - Begin).TotalSeconds} {change.Event}: {change.Detail}")));
        }
        return told;
    }

    private static RingReading Ring(long? objects)
    {
        var parameters = new ChordParameters(8, 2);
        PeerReading peer = objects is { } held
            ? PeerReading.Of(new PeerDescription(new PeerView(Peer, MemberPhase.Member, null, SuccessorList.Alone), parameters, RingReady: false, [], held, held * 100, held, Replicated: true, 1))
            : PeerReading.OfSilent(Peer, "no answer.");
        return new RingReading(parameters, [peer]);
    }
}
