using ChordAspire.Simulation;

namespace ChordAspire.Tests.ReplicationRules;

public sealed class HistoryTests
{
    private readonly History _history = new(TimeSpan.Zero);

    [Fact]
    public void A_read_returns_the_last_acknowledged_write_or_one_beside_it()
    {
        Wrote(1, 0, 1);
        Wrote(2, 2, 4);
        Wrote(3, 3, 5);

        Assert.Null(Explain(2, 6, 7));
        Assert.Null(Explain(3, 6, 7));
        Assert.Equal(AnomalyKind.Stale, Explain(1, 6, 7)?.Kind);
        // Begun before the second was acknowledged.
        Assert.Null(Explain(1, 2.5, 7));
    }

    [Fact]
    public void Nothing_is_read_only_before_the_first_write_or_after_a_deletion()
    {
        Wrote(1, 1, 2);

        Assert.Null(Explain(null, 0, 3));
        Assert.Equal(AnomalyKind.Lost, Explain(null, 3, 4)?.Kind);

        Wrote(null, 5, 6);
        Assert.Null(Explain(null, 7, 8));
        Assert.Null(Explain(null, 5.5, 5.7));
        Assert.Equal(AnomalyKind.Stale, Explain(1, 7, 8)?.Kind);
    }

    [Fact]
    public void A_write_without_an_outcome_may_be_seen_or_not_but_hides_nothing()
    {
        Wrote(1, 0, 1);
        Wrote(2, 2, null);
        Wrote(3, 4, 5);

        Assert.Null(Explain(2, 6, 7));
        Assert.Null(Explain(3, 6, 7));
        Assert.Equal(AnomalyKind.Stale, Explain(1, 6, 7)?.Kind);
    }

    [Fact]
    public void What_nobody_wrote_is_never_explained()
    {
        Wrote(1, 5, 6);

        Assert.Equal(AnomalyKind.NeverWritten, Explain(9, 7, 8)?.Kind);
        Assert.Equal(AnomalyKind.NeverWritten, Explain(1, 3, 4)?.Kind);
        Assert.Contains("9 at 00:00:07", Explain(9, 7, 8)!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_nearer_than_the_clocks_may_be_in_either_order()
    {
        var history = new History(TimeSpan.FromSeconds(0.5));
        history.Wrote("key", 1, At(0), At(1));
        history.Wrote("key", 2, At(1.2), At(2));
        history.Wrote("key", 3, At(3), At(4));

        Assert.Equal(AnomalyKind.Stale, history.Explain("key", 1, At(5), At(6))?.Kind);
        Assert.Null(history.Explain("key", 1, At(2.5), At(2.8)));
        Assert.Equal(AnomalyKind.Stale, history.Explain("key", 2, At(5), At(6))?.Kind);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Wrote(ulong? value, double began, double? acknowledged) =>
        _history.Wrote("key", value, At(began), acknowledged is { } end ? At(end) : null);

    private Anomaly? Explain(ulong? value, double began, double ended) => _history.Explain("key", value, At(began), At(ended));
}
