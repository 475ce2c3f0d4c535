using System.Globalization;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Simulation;

public sealed class SweepTests(ITestOutputHelper output)
{
    /// <summary>Safety after every event, then the ideal ring within a bound, then right lookups: for each of a thousand small runs.</summary>
    [Fact]
    public void A_thousand_seeds_hold_and_all_that_should_go_wrong_does()
    {
        SweepReport report = Sweep.Run(new Seed(1), 1000, cancellationToken: TestContext.Current.CancellationToken);
        output.WriteLine(Describe(report));
        Assert.True(report.ViolationsByKind.IsEmpty, Describe(report));
        Assert.Empty(report.Sightings.Missing);
        Assert.All(report.Faults, fault => Assert.True(fault.Value > 0, $"{fault.Key} never happened."));
        Assert.InRange(report.InContract, 800, 999);
        // A lookup while the ring changes may end at a peer that has just ceased to be the owner, or is about to.
        Assert.InRange(report.LookupsUnderFaults.Failed, 0, report.LookupsUnderFaults.Ended / 500);
    }

    [Fact]
    public void A_sweep_gives_the_same_report_however_its_runs_are_spread_over_cores()
    {
        SweepReport[] reports = [Some(), Some()];
        ulong[] hashes = [.. Enumerable.Range(0, 64).Select(i => PlanRun.Run(new Seed(5000 + (ulong)i)).Hash)];
        Assert.Equal(reports[0].Hash, reports[1].Hash);
        Assert.Equal(reports[0].Events, reports[1].Events);
        Assert.Equal(64, hashes.Distinct().Count());
    }

    private static SweepReport Some() => Sweep.Run(new Seed(5000), 64, cancellationToken: TestContext.Current.CancellationToken);

    private static string Describe(SweepReport report) => string.Create(CultureInfo.InvariantCulture,
        $"""
        {report.Seeds} seeds: {report.Held} held, {string.Join(", ", report.OutOfContract)} out of contract, violations: {string.Join(", ", report.ViolationsByKind)}
        first: {string.Join('\n', report.Violations.Take(3).Select(outcome => $"seed {outcome.Plan.Seed}: {outcome.Violation}"))}
        {report.Events} events, {report.Checks} checks, at most {report.RoundsToIdealMax} rounds to the ideal ring, lookups {report.LookupsUnderFaults}
        """);
}
