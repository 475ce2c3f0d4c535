using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

public sealed class SuccessorListTests
{
    [Fact]
    public void Behind_a_head_stand_the_head_and_its_list_cut_to_r_entries() =>
        AssertList([14, 21, 32], spansRing: false, Behind(self: 8, head: 14, List(21, 32, 38)));

    [Fact]
    public void The_list_ends_where_the_circle_closes_and_then_it_is_the_whole_ring() =>
        AssertList([14, 32], spansRing: true, Behind(self: 8, head: 14, List(32, 8, 14), length: 4));

    [Fact]
    public void A_full_list_makes_no_claim_about_the_whole_ring() =>
        AssertList([14, 21, 32], spansRing: false, Behind(self: 8, head: 14, WholeRing(21, 32)));

    [Fact]
    public void A_whole_ring_that_does_not_name_us_yet_is_whole_all_the_same() =>
        AssertList([14, 32], spansRing: true, Behind(self: 8, head: 14, WholeRing(32), length: 4));

    [Fact]
    public void A_short_list_stays_short() =>
        AssertList([14, 21], spansRing: false, Behind(self: 8, head: 14, List(21), length: 4));

    [Fact]
    public void A_list_that_passes_us_by_ends_before_us_and_is_no_disorder() =>
        AssertList([14, 32, 2], spansRing: false, Behind(self: 8, head: 14, List(32, 2, 10), length: 4));

    [Theory]
    [InlineData("a step back", 32ul, 21ul)]
    [InlineData("a peer named twice", 21ul, 21ul)]
    [InlineData("the teller itself", 21ul, 14ul)]
    public void Out_of_order_is(string what, ulong first, ulong second)
    {
        SuccessorList list = SuccessorList.Behind(Ref(8), Ref(14), List(first, second, 38), length: 4, out PeerRef? disorder);
        Assert.True(disorder == Ref(second), what);
        AssertList([14, first], spansRing: false, list);
    }

    [Fact]
    public void At_birth_the_list_is_the_predecessors() =>
        AssertList([21, 32, 38], spansRing: false, SuccessorList.AtBirth(Ref(16), Ref(14), List(21, 32, 38), length: 3, out _));

    [Fact]
    public void At_birth_in_a_small_ring_the_predecessor_closes_the_list() =>
        AssertList([21, 14], spansRing: true, SuccessorList.AtBirth(Ref(16), Ref(14), WholeRing(21), length: 3, out _));

    [Fact]
    public void At_birth_behind_a_lone_peer_that_is_the_whole_list() =>
        AssertList([14], spansRing: true, SuccessorList.AtBirth(Ref(16), Ref(14), SuccessorList.Alone, length: 3, out _));

    [Fact]
    public void At_birth_too_a_full_list_makes_no_claim_about_the_whole_ring() =>
        AssertList([21, 14], spansRing: false, SuccessorList.AtBirth(Ref(16), Ref(14), WholeRing(21), length: 2, out _));

    [Fact]
    public void At_birth_too_disorder_ends_the_list()
    {
        SuccessorList list = SuccessorList.AtBirth(Ref(16), Ref(14), List(32, 21), length: 3, out PeerRef? disorder);
        Assert.Equal(Ref(21), disorder);
        AssertList([32], spansRing: false, list);
    }

    [Fact]
    public void Dropping_the_first_or_another_keeps_the_rest_in_order()
    {
        SuccessorList list = WholeRing(14, 21, 32);
        AssertList([21, 32], spansRing: true, list.WithoutFirst());
        AssertList([14, 32], spansRing: true, list.Without(Ref(21)));
        Assert.Same(list, list.Without(Ref(38)));
    }

    [Fact]
    public void Lists_are_equal_by_what_they_say()
    {
        Assert.Equal(List(14, 21), List(14, 21));
        Assert.Equal(List(14, 21).GetHashCode(), List(14, 21).GetHashCode());
        Assert.NotEqual(List(14, 21), List(21, 14));
        Assert.NotEqual(List(14, 21), WholeRing(14, 21));
    }

    private static SuccessorList Behind(ulong self, ulong head, SuccessorList told, int length = 3)
    {
        SuccessorList list = SuccessorList.Behind(Ref(self), Ref(head), told, length, out PeerRef? disorder);
        Assert.Null(disorder);
        return list;
    }

    private static void AssertList(ulong[] peers, bool spansRing, SuccessorList list)
    {
        Assert.Equal(peers, list.Peers.Select(peer => peer.Id.ToUInt64()));
        Assert.Equal(spansRing, list.SpansRing);
    }

    private static SuccessorList List(params ulong[] peers) => new([.. peers.Select(Ref)], spansRing: false);

    private static SuccessorList WholeRing(params ulong[] peers) => new([.. peers.Select(Ref)], spansRing: true);

    private static PeerRef Ref(ulong id) => new(Identifier.FromUInt64(6, id), $"peer-{id}");
}
