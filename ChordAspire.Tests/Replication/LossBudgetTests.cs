using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.ReplicationRules;

/// <summary>How many peers a run may lose without asking more than is promised, with three copies of each object.</summary>
public sealed class LossBudgetTests
{
    private readonly SimulatedRing _ring = new(new RingOptions { Seed = new Seed(1) });
    private readonly LossBudget _budget = new(copies: 3);

    [Fact]
    public void All_copies_but_one_may_be_lost_until_they_have_been_made_again()
    {
        Assert.Equal(2, _budget.Left);
        _budget.Lose(At(1), peers: 1);
        Assert.Equal(1, _budget.Left);
        _budget.Lose(At(2), peers: 1);
        Assert.Equal(0, _budget.Left);

        _budget.BeWhole(At(3));
        Assert.Equal(2, _budget.Left);
    }

    [Fact]
    public void A_write_told_with_fewer_copies_survives_fewer_losses()
    {
        _budget.Count(Written(copies: 2, began: 1));
        Assert.Equal(1, _budget.Left);
        _budget.Lose(At(2), peers: 1);
        Assert.Equal(0, _budget.Left);

        _budget.BeWhole(At(3));
        Assert.Equal(2, _budget.Left);
        _budget.Count(Written(copies: 1, began: 4));
        Assert.Equal(0, _budget.Left);
    }

    [Fact]
    public void A_loss_before_a_write_began_does_not_count_against_it_and_one_while_it_was_under_way_does()
    {
        _budget.Lose(At(1), peers: 1);
        _budget.Count(Written(copies: 3, began: 2));
        Assert.Equal(1, _budget.Left);

        _budget.Lose(At(3), peers: 1);
        _budget.BeWhole(At(4));
        _budget.Count(Written(copies: 3, began: 2));
        Assert.Equal(1, _budget.Left);
    }

    [Fact]
    public void The_latest_acknowledged_version_is_asked_for_in_the_end()
    {
        var versions = new AcknowledgedVersions();
        ObjectEntry older = Objects.Entry("key", 1), later = Objects.Entry("key", 2);
        versions.Count(Written(copies: 2, began: 1, later));
        versions.Count(Written(copies: 3, began: 1, older));
        ReplicationState none = ReplicationState.Create(_ring.AddPeer(older.Id).Self, ringBits: 160, copies: 3, ObjectIndex.Empty);

        Assert.Equal(1, versions.WithFewerCopies);
        Assert.Contains("held by nobody", versions.Lost([none, none with { Index = ObjectIndex.Empty.With(older) }]), StringComparison.Ordinal);
        ReplicationState held = none with { Index = ObjectIndex.Empty.With(later) };
        Assert.Null(versions.Lost([none, held]));
        Assert.Contains("held by 1", versions.HeldByFewerThan(2, [none, held]), StringComparison.Ordinal);
        Assert.Null(versions.HeldByFewerThan(2, [held, held]));
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    private Acknowledgement Written(int copies, int began) => Written(copies, began, Objects.Entry("key", 1));

    private Acknowledgement Written(int copies, int began, ObjectEntry entry)
    {
        SimulatedPeer[] holders = [.. Enumerable.Range(0, copies).Select(number => _ring.AddPeer(Objects.Small(number)))];
        return new Acknowledgement(entry.Id, entry.Version, At(began), holders, CopiesMax: 3);
    }
}
