using System.Collections.Immutable;
using ChordAspire.Protocol;
using Spectre.Console;

namespace ChordAspire.Cli;

/// <summary>A finger table for people.</summary>
internal static class FingerTableText
{
    public static void Write(IAnsiConsole console, PeerRef self, ImmutableArray<FingerRun> fingers)
    {
        console.WriteLine(FormattableString.Invariant($"{self.Id.ToBriefString()} at {self.Address}, {self.Id.Bits} fingers"));
        console.WriteLine();
        Table table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn("finger").RightAligned());
        table.AddColumn(new TableColumn("from").RightAligned());
        table.AddColumn(new TableColumn("peer").RightAligned());
        table.AddColumn("address");
        foreach (TableColumn column in table.Columns)
            column.Padding = new Padding(0, 0, 2, 0);
        int next = 0;
        foreach (FingerRun run in fingers)
        {
            if (run.First > next)
                Add(table, self, next, run.First - 1, null);
            Add(table, self, run.First, run.Last, run.Peer);
            next = run.Last + 1;
        }
        if (next < self.Id.Bits)
            Add(table, self, next, self.Id.Bits - 1, null);
        console.Write(table);
    }

    private static void Add(Table table, PeerRef self, int first, int last, PeerRef? peer) => table.AddRow(
        new Text(first == last ? FormattableString.Invariant($"{first}") : FormattableString.Invariant($"{first}-{last}")),
        new Text(self.Id.FingerStart(first).ToBriefString()),
        new Text(peer?.Id.ToBriefString() ?? "-"),
        new Text(peer?.Address ?? "itself, or not known yet"));
}
