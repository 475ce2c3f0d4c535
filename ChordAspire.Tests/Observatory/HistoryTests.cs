using ChordAspire.Observatory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace ChordAspire.Tests.ObservatoryRoom;

/// <summary>The ring page goes back in time.</summary>
public sealed class HistoryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RingHistory _history;

    public HistoryTests()
    {
        Assert.True(ObservatoryOptions.TryRead(new ConfigurationBuilder().Build(), out ObservatoryOptions? options, out _));
        _history = new RingHistory(new PeerNames(options!), _time);
    }

    [Fact]
    public void The_ring_is_shown_as_it_was()
    {
        HeardPeer[] whole = [.. Told.Ring(8)];
        DateTimeOffset began = Add(whole);
        _time.Advance(TimeSpan.FromMinutes(10));
        HeardPeer[] broken = [.. whole];
        broken[3] = Told.Silent(broken[3]);
        Add(broken);
        Assert.Equal(Standing.Dead, _history.Latest.Peers[3].Standing);
        Assert.Equal(Standing.Member, _history.At(began + TimeSpan.FromMinutes(9)).Peers[3].Standing);
        Assert.Equal(began, _history.At(began - TimeSpan.FromMinutes(1)).Time);
    }

    [Fact]
    public void A_failure_and_its_repair_are_told_with_their_duration()
    {
        HeardPeer[] heard = [.. Told.Ring(8)];
        Add(heard);
        heard[3] = Told.Silent(heard[3]);
        Add(heard);
        _time.Advance(TimeSpan.FromSeconds(2));
        // The others close the ring.
        Add([.. Told.Ring(8).Where((_, i) => i is not (1 or 2 or 3 or 4)), Told.By(32, 0, 64, 128), Told.By(64, 32, 128, 160), Told.By(128, 64, 160, 192), Told.Silent(Told.Ring(8)[3])]);
        Assert.Contains(_history.Happenings, happening => happening.Kind == HappeningKind.Failure);
        Happening repair = Assert.Single(_history.Happenings, happening => happening.Kind == HappeningKind.Repair);
        Assert.Equal(TimeSpan.FromSeconds(2), repair.Duration);
    }

    [Fact]
    public void Half_an_hour_is_kept_however_much_happens()
    {
        HeardPeer[] whole = [.. Told.Ring(8)];
        HeardPeer[] broken = [.. whole];
        broken[3] = Told.Silent(broken[3]);
        for (int i = 0; i < 20_000; i++)
        {
            Add(i % 2 == 0 ? whole : broken);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
        Assert.InRange(_history.Course.Length, 1000, 4000);
        Assert.InRange(_history.Happenings.Length, 1000, 4000);
        Assert.InRange(_time.GetUtcNow() - _history.Happenings[0].Time, RingHistory.Kept - TimeSpan.FromMinutes(1), RingHistory.Kept + TimeSpan.FromMinutes(1));
        TimeSpan kept = _time.GetUtcNow() - _history.Course[0].Time;
        Assert.InRange(kept, RingHistory.Kept, RingHistory.Kept + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Lookups_push_out_nothing_else_and_are_told_together()
    {
        HeardPeer[] whole = [.. Told.Ring(8)];
        Add(whole);
        Add([.. whole.Select((peer, i) => i == 3 ? Told.Silent(peer) : peer)]);
        for (int i = 0; i < 20_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(80));
            _history.AddLookups($"peer-{i % 8}", 5, TimeSpan.FromMilliseconds(10));
        }
        Assert.Single(_history.Happenings, happening => happening.Kind == HappeningKind.Failure);
        Happening[] lookups = [.. _history.Happenings.Where(happening => happening.Kind == HappeningKind.Lookup)];
        Assert.InRange(lookups.Length, 8 * 150, 8 * 170);
        Assert.All(lookups, lookup => Assert.Equal(TimeSpan.FromMilliseconds(2), lookup.Duration));
        // Every 640 ms there are five through each.
        Assert.Equal("80 lookups through peer-3, 2.0 ms on average", lookups.First(lookup => lookup.Text.Contains("peer-3", StringComparison.Ordinal)).Text);
        Assert.Equal(lookups.OrderBy(lookup => lookup.Time), lookups);
    }

    [Fact]
    public void Who_was_in_the_ring_before_it_was_looked_at_has_not_joined()
    {
        HeardPeer[] whole = [.. Told.Ring(8)];
        Add(whole[..1]);
        Add(whole);
        Assert.DoesNotContain(_history.Happenings, happening => happening.Kind == HappeningKind.Join);
        Add([.. whole, Told.By(10, 0, 32, 64)]);
        Assert.Single(_history.Happenings, happening => happening.Kind == HappeningKind.Join);
    }

    private DateTimeOffset Add(IReadOnlyCollection<HeardPeer> heard)
    {
        _history.Add(Told.Picture(heard, _history.Latest, _time.GetUtcNow()));
        return _history.Latest.Time;
    }
}
