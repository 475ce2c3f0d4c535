using System.Collections.Immutable;
using ChordAspire.Simulation;
using ChordAspire.Simulation.Experiments;

namespace ChordAspire.Cli.Reports;

/// <summary>What the experiments found, and how long they took.</summary>
/// <param name="Title">Of all of them.</param>
/// <param name="Command">The command that gives this report again.</param>
internal sealed record PaperReport(string Title, string Command, Seed Seed, ImmutableArray<PaperReport.Section> Sections)
{
    public IEnumerable<(Section Section, FindingRow Row)> Rows => Sections.SelectMany(section => section.Findings.Rows.Select(row => (section, row)));

    public IEnumerable<(Section Section, FindingRow Row)> Outside => Rows.Where(one => one.Row.Verdict == Verdict.Outside);

    public int Inside => Rows.Count(one => one.Row.Verdict == Verdict.Inside);

    public TimeSpan Took => Sections.Aggregate(TimeSpan.Zero, (sum, section) => sum + section.Took);

    /// <summary>In one sentence.</summary>
    public string Summary => FormattableString.Invariant(
        $"{Inside} of {Inside + Outside.Count()} numbers with a tolerance lie inside it; {Took.TotalSeconds:0} s on {Environment.ProcessorCount} cores.");

    internal sealed record Section(Experiment Experiment, Findings Findings, TimeSpan Took);
}
