using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>The monitors that Zave (TSE 2017) recommends, on states that no correct run comes to.</summary>
public sealed class LocalMonitorsTests
{
    [Theory]
    [InlineData("all is well", null, 14, 21, 32)]
    [InlineData("around the top of the circle", null, 48, 56, 3)]
    [InlineData("alone", null)]
    [InlineData("a peer named twice", nameof(LocalMonitors.NoDuplicates), 14, 21, 14)]
    [InlineData("the peer itself", nameof(LocalMonitors.NoDuplicates), 14, 8)]
    [InlineData("two entries swapped", nameof(LocalMonitors.OrderedSuccessorLists), 21, 14, 32)]
    [InlineData("past itself", nameof(LocalMonitors.OrderedSuccessorLists), 14, 56, 10)]
    public void The_monitors_judge_a_list(string what, string? tripped, params int[] list)
    {
        PeerState state = With(list);
        Assert.True(LocalMonitors.Check(state)?.Monitor == tripped, what);
        Assert.Equal(tripped != nameof(LocalMonitors.NoDuplicates), LocalMonitors.NoDuplicates(state));
        if (tripped != nameof(LocalMonitors.NoDuplicates))
            Assert.Equal(tripped is null, LocalMonitors.OrderedSuccessorLists(state));
    }

    [Fact]
    public void A_list_told_out_of_order_is_reported_and_not_adopted_beyond_the_break()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Place(ring[14] with { Successors = With(21, 38, 32).Successors });
        ring.Stabilize(8);
        Assert.Equal([14, 21, 38], ring[8].Successors.Peers.Select(peer => peer.Id.ToUInt64()));
        ChordNotice.MonitorTripped tripped = Assert.Single(ring.Notices.Select(report => report.Notice).OfType<ChordNotice.MonitorTripped>());
        Assert.Equal(nameof(LocalMonitors.OrderedSuccessorLists), tripped.Monitor);
    }

    [Fact]
    public void A_list_told_out_of_order_is_reported_at_birth_too()
    {
        InMemoryRing ring = Ring.OfThePaper();
        ring.Place(ring[14] with { Successors = With(21, 38, 32).Successors });
        ring.Join(16, via: 14);
        Assert.Contains(ring.Notices, report => report is { Notice: ChordNotice.MonitorTripped, Peer.Id: var id } && id == ring.Id(16));
    }

    private static PeerState With(params int[] list)
    {
        var parameters = new ChordParameters(Bits: 6);
        var successors = new SuccessorList([.. list.Select(Ref)], spansRing: list.Length == 0);
        return PeerState.CreateMember(Ref(8), parameters, predecessor: null, successors, FingerTable.Empty);
    }

    private static PeerRef Ref(int id) => new(Identifier.FromUInt64(6, (ulong)id), $"peer-{id}");
}
