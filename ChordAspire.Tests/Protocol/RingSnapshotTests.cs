using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>The checker itself, on rings made by hand: each defect that the papers name, and nothing wrong where nothing is.</summary>
public sealed class RingSnapshotTests
{
    [Fact]
    public void An_ideal_ring_has_no_problems()
    {
        RingSnapshot snapshot = Ring.OfThePaper().Snapshot();
        Assert.True(snapshot.IsIdeal && snapshot.IsValid);
        Assert.Empty(snapshot.Problems);
        Assert.Empty(snapshot.ValidityProblems);
    }

    [Fact]
    public void A_lone_peer_is_an_ideal_ring() => Assert.True(Ring.Of(bits: 6, 8).Snapshot().IsIdeal);

    [Fact]
    public void Nobody_is_no_ring() => Assert.False(new RingSnapshot([], 4) is { IsIdeal: true } or { IsValid: true });

    [Fact]
    public void A_wrong_predecessor_or_list_end_is_valid_but_not_ideal()
    {
        AssertProblem("21 has predecessor 8, not 14", View(8, 32, 14, 21), View(14, 8, 21, 32), View(21, 8, 32, 8), View(32, 21, 8, 14));
        AssertProblem("8 has successors 14, not 14 21", View(8, 32, 14), View(14, 8, 21, 32), View(21, 14, 32, 8), View(32, 21, 8, 14));
    }

    [Fact]
    public void A_dead_second_successor_is_valid_but_not_ideal() =>
        AssertProblem("8 has successors 14 18, not 14 21", View(8, 32, 14, 18), View(14, 8, 21, 32), View(21, 14, 32, 8), View(32, 21, 8, 14));

    [Fact]
    public void A_peer_that_has_not_joined_yet_keeps_the_ring_from_being_ideal() =>
        AssertProblem(
            "30 has not joined yet",
            View(8, 32, 14, 32), View(14, 8, 32, 8), View(32, 14, 8, 14), View(30, null) with { Phase = MemberPhase.Joining });

    [Fact]
    public void An_appendage_that_leads_to_the_ring_is_valid() =>
        AssertProblem("32 has predecessor 14, not 21", View(8, 32, 14, 32), View(14, 8, 32, 8), View(21, 14, 32, 8), View(32, 14, 8, 14));

    /// <summary>Zave, CCR 2012, figure 8.</summary>
    [Fact]
    public void Two_rings_are_not_valid() =>
        AssertInvalid("14 is on another ring than 8", View(8, 21, 21), View(14, 32, 32), View(21, 8, 8), View(32, 14, 14));

    /// <summary>Zave, CCR 2012, figure 7.</summary>
    [Fact]
    public void A_ring_out_of_order_is_not_valid() =>
        AssertInvalid("The ring is out of order between 8 and 21", View(8, 14, 21), View(21, 8, 14), View(14, 21, 8));

    /// <summary>Zave, CCR 2012, figure 6.</summary>
    [Fact]
    public void A_gap_that_leaves_no_ring_is_not_valid() =>
        AssertInvalid("There is no ring", View(8, 32, 14), View(14, 8, 18), View(32, 14, 8));

    /// <summary>Zave, CCR 2012, figure 5.</summary>
    [Fact]
    public void A_stranded_appendage_is_not_valid() =>
        AssertInvalid("Appendage 18 does not lead to the ring", View(8, 32, 14), View(14, 8, 32), View(32, 14, 8), View(18, 14, 20));

    [Fact]
    public void A_member_without_living_successor_is_not_valid() =>
        AssertInvalid("18 has no living successor", View(8, 32, 14), View(14, 8, 32), View(32, 14, 8), View(18, 14, 20, 22));

    [Fact]
    public void A_lone_peer_beside_a_ring_is_another_ring() =>
        AssertInvalid("18 is on another ring than 8", View(8, 32, 14), View(14, 8, 32), View(32, 14, 8), View(18, null));

    [Fact]
    public void A_successor_at_an_address_where_nobody_is_does_not_live()
    {
        PeerView[] views = [View(8, 14, 14), View(14, 8, 8)];
        PeerRef moved = Ref(14) with { Address = "moved-14" };
        views[1] = views[1] with { Self = moved };
        Assert.Contains("8 has no living successor.", new RingSnapshot(views, 2).ValidityProblems);
    }

    [Fact]
    public void The_owner_of_a_key_is_the_first_member_at_or_behind_it()
    {
        InMemoryRing ring = Ring.OfThePaper();
        PeerRef[] sorted = [.. ring.States.Select(state => state.Self)];
        for (ulong key = 0; key < 64; key++)
            Assert.Equal(Ring.OwnerOf(ring.Id(key), sorted), ring.Snapshot().OwnerOf(ring.Id(key)));
    }

    [Fact]
    public void The_drawing_has_a_verdict_a_line_for_each_peer_and_what_is_wrong()
    {
        string drawing = new RingSnapshot([View(8, null, 14), View(14, 8, 8)], 2).Draw();
        Assert.Equal(
            """
            ring of 2 members, valid, not ideal
              8 member   predecessor none  successors 14
              14 member   predecessor 8  successors 8
              ! 8 has predecessor none, not 14.

            """,
            drawing);
    }

    private static void AssertProblem(string problem, params PeerView[] views)
    {
        var snapshot = new RingSnapshot(views, successorListLength: 2);
        Assert.True(snapshot is { IsValid: true, IsIdeal: false }, snapshot.Draw());
        Assert.Contains(problem + ".", snapshot.Problems);
    }

    private static void AssertInvalid(string problem, params PeerView[] views)
    {
        var snapshot = new RingSnapshot(views, successorListLength: 2);
        Assert.False(snapshot.IsValid || snapshot.IsIdeal, snapshot.Draw());
        Assert.Contains(problem + ".", snapshot.ValidityProblems);
    }

    private static PeerView View(ulong self, ulong? predecessor, params ulong[] successors)
    {
        var list = new SuccessorList([.. successors.Select(Ref)], spansRing: successors.Length == 0);
        return new PeerView(Ref(self), MemberPhase.Member, predecessor is { } id ? Ref(id) : null, list);
    }

    private static PeerRef Ref(ulong id) => new(Identifier.FromUInt64(6, id), $"peer-{id}");
}
