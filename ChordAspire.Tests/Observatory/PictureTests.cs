using ChordAspire.Observatory;
using ChordAspire.Observatory.Components;
using ChordAspire.Protocol;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChordAspire.Tests.ObservatoryRoom;

/// <summary>What the ring page makes of what the peers tell.</summary>
public sealed class PictureTests
{
    [Fact]
    public void A_ring_in_order_is_ideal_and_shared_out()
    {
        RingPicture picture = Told.Picture(Told.Ring(8));
        Assert.True(picture.IsIdeal);
        Assert.Equal(8, picture.Members);
        Assert.All(picture.Peers, peer => Assert.Equal((Standing.Member, 1 / 8.0), (peer.Standing, peer.Share)));
    }

    [Fact]
    public void A_member_that_nobody_on_the_ring_leads_to_is_an_appendage()
    {
        RingPicture picture = Told.Picture([.. Told.Ring(8), Told.By(10, null, 32, 64)]);
        Assert.Equal(Standing.Appendage, picture.Find(Told.Peer(10))!.Standing);
        Assert.True(picture.IsValid);
        Assert.False(picture.IsIdeal);
    }

    [Fact]
    public void A_silent_peer_is_dead_and_owns_nothing()
    {
        HeardPeer[] heard = [.. Told.Ring(8)];
        heard[3] = Told.Silent(heard[3]);
        RingPicture picture = Told.Picture(heard);
        Assert.Equal((Standing.Dead, 0.0), (picture.Peers[3].Standing, picture.Peers[3].Share));
        Assert.Equal(2 / 8.0, picture.Peers[4].Share);
        Assert.False(picture.IsIdeal);
    }

    [Fact]
    public void A_seed_peer_stands_where_its_neighbours_say()
    {
        HeardPeer[] heard = [.. Told.Ring(4)];
        heard[0] = Told.By(0, 192, 20, 64);
        RingPicture picture = Told.Picture(heard, seeds: new SeedView(Told.Peer(20), Told.Peer(0), Told.Peer(64)));
        Assert.Equal(Standing.Seed, picture.Find(Told.Peer(20))!.Standing);
        Assert.Equal(5, picture.Members);
        Assert.True(picture.IsValid);
    }

    [Fact]
    public void A_peer_that_looks_as_before_is_the_same_in_both_pictures()
    {
        RingPicture before = Told.Picture(Told.Ring(8), now: DateTimeOffset.UnixEpoch);
        RingPicture after = Told.Picture([.. Told.Ring(8), Told.By(10, null, 32, 64)], before, DateTimeOffset.UnixEpoch.AddSeconds(1));
        Assert.Same(before.Find(Told.Peer(128)), after.Find(Told.Peer(128)));
        Assert.Equal(after.Time, after.Find(Told.Peer(10))!.ChangedAt);
    }

    [Fact]
    public void A_peer_that_is_watched_under_two_addresses_is_one_peer()
    {
        HeardPeer[] heard = [Told.Silent(Told.Ring(8)[3]), .. Told.Ring(8)];
        RingPicture before = Told.Picture(heard);
        RingPicture after = Told.Picture(heard, before);
        Assert.Equal((8, true), (after.Peers.Length, after.IsIdeal));
        Assert.Equal(before.Peers, after.Peers);
    }

    [Fact]
    public void Of_many_problems_the_first_are_told_and_how_many_there_are()
    {
        RingPicture picture = Told.Picture([.. Enumerable.Range(0, 50).Select(i => Told.By(i, null, 200))]);
        Assert.Equal(PictureMaker.MaxProblems, picture.Problems.Length);
        Assert.InRange(picture.ProblemCount, 50, 500);
    }

    [Fact]
    public async Task Two_hundred_peers_are_drawn()
    {
        var peers = new RingPicture(
            DateTimeOffset.UnixEpoch, 8, [.. Enumerable.Range(0, 200).Select(i => Told.Picture([Told.By(i, null)]).Peers[0])], IsValid: true, [], ProblemCount: 0);
        Assert.True(ObservatoryOptions.TryRead(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), out ObservatoryOptions? options, out _));
        await using ServiceProvider services = new ServiceCollection().AddSingleton(new PeerNames(options!)).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        string html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<Circle>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Circle.Picture)] = peers }))).ToHtmlString());
        Assert.Equal(200, html.Split("role=\"option\"").Length - 1);
    }
}
