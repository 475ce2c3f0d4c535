using ChordAspire.AppHost;

namespace ChordAspire.Tests.Hosting;

/// <summary>When the AppHost calls a ring ideal, with seed peers in it.</summary>
public sealed class IdealRingTests
{
    private static readonly SeedPage Seed = new("14", "127.0.0.1:9020", Predecessor: "0a", Successor: "1e");

    [Fact]
    public void Peers_alone_are_ideal_when_their_neighbours_are_right()
    {
        Assert.True(IsIdeal([Page("0a", "1e", ["1e"]), Page("1e", "0a", ["0a"])]));
        Assert.True(IsIdeal([Page("0a", null, [])]));
        Assert.False(IsIdeal([Page("0a", null, ["1e"]), Page("1e", "0a", ["0a"])]));
        Assert.False(IsIdeal([]));
    }

    [Fact]
    public void A_seed_peer_on_any_page_counts_as_a_member()
    {
        Assert.True(IsIdeal([Page("0a", "1e", ["14", "1e"], Seed), Page("1e", "14", ["0a", "14"])], Seed.Address));
        Assert.False(IsIdeal([Page("0a", "1e", ["1e"], Seed), Page("1e", "0a", ["0a"])], Seed.Address));
    }

    [Fact]
    public void A_seed_peer_that_runs_but_is_on_no_page_keeps_the_ring_from_being_ideal() =>
        Assert.False(IsIdeal([Page("0a", "1e", ["1e"]), Page("1e", "0a", ["0a"])], Seed.Address));

    [Fact]
    public void The_neighbours_of_a_seed_peer_must_be_right_wherever_they_are_told()
    {
        SeedPage late = Seed with { Predecessor = null };
        SeedPage wrong = Seed with { Successor = "0a" };
        foreach (SeedPage seen in new[] { late, wrong })
        {
            Assert.False(IsIdeal([Page("0a", "1e", ["14", "1e"], seen), Page("1e", "14", ["0a", "14"])]));
            Assert.False(IsIdeal([Page("0a", "1e", ["14", "1e"], Seed), Page("1e", "14", ["0a", "14"], seen)]));
        }
    }

    [Fact]
    public void Two_seed_peers_at_one_identifier_are_no_ideal_ring() =>
        Assert.False(IsIdeal([Page("0a", "1e", ["14", "1e"], Seed, Seed with { Address = "127.0.0.1:9021" }), Page("1e", "14", ["0a", "14"])]));

    private static bool IsIdeal(PeerPage[] pages, params string[] seedPeers) => PeerPage.IsIdeal(pages, seedPeers);

    private static PeerPage Page(string id, string? predecessor, string[] successors, params SeedPage[] seeds) =>
        new(id, $"127.0.0.1:{id}", 1, "member", true, predecessor, successors, 4, 0, 0, true, seeds);
}
