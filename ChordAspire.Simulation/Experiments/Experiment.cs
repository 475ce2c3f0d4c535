namespace ChordAspire.Simulation.Experiments;

/// <summary>A figure or a table of a paper, done again with the production protocol; or an experiment beyond the papers.</summary>
/// <param name="id">What it is called on the command line: fig10, table2.</param>
/// <param name="title">What it shows.</param>
public abstract class Experiment(string id, string title)
{
    public string Id => id;

    public string Title => title;

    /// <summary>Where in which paper; for those beyond the papers, after whom.</summary>
    public abstract string Source { get; }

    /// <summary>How it was done here: sizes, clocks, network, what is counted and how.</summary>
    public abstract string Setting { get; }

    /// <summary>Does it. The same seed gives the same findings, however many cores there are.</summary>
    public abstract Findings Run(ExperimentRun run);

    protected FindingRow Row(string row, string quantity, Value ours, Tolerance? tolerance = null) =>
        new(row, quantity, Published.Paper(Id, row, quantity), ours, Published.Best(Id, row, quantity), tolerance);
}
