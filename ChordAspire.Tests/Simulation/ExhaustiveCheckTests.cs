using System.Globalization;
using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

/// <summary>All interleavings of small rings. Larger ones take minutes and are run by hand: docs/simulation.md.</summary>
public sealed class ExhaustiveCheckTests(ITestOutputHelper output)
{
    [Fact]
    public void Four_places_have_no_reachable_state_that_violates_anything()
    {
        ExhaustiveReport report = Run(new ExhaustiveOptions { Places = 4 });
        AssertHolds(report);
        Assert.Equal(15_135, report.States);
    }

    [Fact]
    public void The_first_states_of_five_places_violate_nothing_either()
    {
        ExhaustiveReport report = Run(new ExhaustiveOptions { Places = 5, StatesMax = 300_000 });
        Assert.True(report.Violation is null, Describe(report));
        Assert.False(report.IsComplete);
    }

    [Fact]
    public void Six_places_hold_even_when_all_but_successor_lists_may_be_anything() =>
        AssertHolds(Run(new ExhaustiveOptions { Places = 6, ListsOnly = true }));

    /// <summary>What makes successor lists alone worth following: nothing that can happen in truth is left out.</summary>
    [Fact]
    public void Following_lists_alone_reaches_the_lists_of_every_state_there_is()
    {
        var options = new ExhaustiveOptions { Places = 4 };
        HashSet<string> whole = [.. ExhaustiveCheck.RingsOf(options).Select(members => ListsOf(members, 4))];
        HashSet<string> lists = [.. ExhaustiveCheck.RingsOf(options with { ListsOnly = true }).Select(members => ListsOf(members, 4))];
        Assert.InRange(whole.Count, 10, lists.Count);
        Assert.Subset(lists, whole);
    }

    [Fact]
    public void The_number_of_workers_changes_nothing()
    {
        var options = new ExhaustiveOptions { Places = 5, Rules = RunRules.Original with { Counts = kind => kind == ViolationKind.TwoRings } };
        ExhaustiveReport alone = Run(options with { Workers = 1 });
        ExhaustiveReport together = Run(options with { Workers = 4 });
        Assert.Equal(alone.Violation!.Path, together.Violation!.Path);
        Assert.Equal(alone with { Violation = null }, together with { Violation = null });
    }

    [Theory]
    [InlineData(ViolationKind.LostRing)]
    [InlineData(ViolationKind.StrandedAppendage)]
    [InlineData(ViolationKind.TwoRings)]
    [InlineData(ViolationKind.DisorderedRing)]
    public void The_original_yields_its_counterexamples_in_the_same_search(ViolationKind kind)
    {
        RunRules rules = RunRules.Original with { Counts = found => found == kind };
        ExhaustiveReport report = Run(new ExhaustiveOptions { Places = 5, Rules = rules, StatesMax = 500_000 });
        output.WriteLine(Describe(report));
        Assert.Equal(kind, report.Violation?.Kind);
        Assert.StartsWith("0 starts: ", report.Violation!.Path[0]);
    }

    /// <summary>The search is believed only once it has failed, with whole states and with lists alone.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fault_put_into_our_rules_by_hand_is_found(bool listsOnly)
    {
        ExhaustiveReport report = Run(new ExhaustiveOptions
        {
            Places = 5,
            ListsOnly = listsOnly,
            Rules = RunRules.Production with { Rules = Mutations.AdoptHeadOnly },
            StatesMax = 500_000,
        });
        output.WriteLine(Describe(report));
        Assert.NotNull(report.Violation);
    }

    [Fact]
    public void Its_fast_invariant_agrees_with_the_checker_on_every_ring_reached()
    {
        var everything = new ExhaustiveOptions { Places = 4, Rules = RunRules.Original with { Counts = _ => false }, StatesMax = 100_000 };
        int wrong = 0;
        foreach ((PeerState[] members, bool holds) in ExhaustiveCheck.VerdictsOf(everything))
        {
            Assert.Equal(holds, new InvariantChecker(successorListLength: 2).Check(members) is null);
            wrong += holds ? 0 : 1;
        }
        Assert.InRange(wrong, 100, 1_000_000);
    }

    [Fact]
    public void The_original_is_not_followed_by_its_lists_alone() =>
        Assert.Throws<ArgumentException>(() => Run(new ExhaustiveOptions { Places = 4, ListsOnly = true, Rules = RunRules.Original }));

    private static ExhaustiveReport Run(ExhaustiveOptions options) => ExhaustiveCheck.Run(options, TestContext.Current.CancellationToken);

    private void AssertHolds(ExhaustiveReport report)
    {
        output.WriteLine(Describe(report));
        Assert.True(report.Violation is null, Describe(report));
        Assert.True(report.IsComplete);
    }

    private static string Describe(ExhaustiveReport report) => string.Create(CultureInfo.InvariantCulture,
        $"""
        {report.States} states, {report.Steps} steps, {report.LocalStates} states of single peers
        {report.Violation?.Kind}
        {string.Join('\n', report.Violation?.Path ?? [])}
        """);

    /// <summary>Who lists whom, from the place of the circle from which it comes first in the alphabet.</summary>
    private static string ListsOf(PeerState[] members, int places) => Enumerable.Range(0, places).Select(turn =>
    {
        int Turned(PeerRef peer) => ((int)peer.Id.ToUInt64() + turn) % places;
        IEnumerable<string> told = members.Select(member => $"{Turned(member.Self)}: {string.Join(' ', member.Successors.Peers.Select(Turned))}");
        return string.Join("; ", told.Order(StringComparer.Ordinal));
    }).Min(StringComparer.Ordinal)!;
}
