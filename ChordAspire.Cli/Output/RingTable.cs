using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Spectre.Console;

namespace ChordAspire.Cli;

/// <summary>A ring for people: a line for each peer, and what is wrong.</summary>
internal static class RingTable
{
    public static void Write(IAnsiConsole console, RingReading ring)
    {
        console.Write(Of(ring));
        console.WriteLine();
        console.MarkupLine(SummaryOf(ring));
        foreach (string problem in ring.Problems)
            console.MarkupLineInterpolated($"[yellow]![/] {problem}");
    }

    /// <summary>As markup.</summary>
    public static string SummaryOf(RingReading ring)
    {
        string colour = ring.IsIdeal ? "green" : ring.IsValid ? "yellow" : "red";
        int members = ring.Members.Count();
        return FormattableString.Invariant(
            $"{members} {(members == 1 ? "peer" : "peers")} on {ring.Parameters.Bits} bits, successor lists of {ring.Parameters.SuccessorListLength}: [{colour}]{RingText.VerdictOf(ring)}[/]");
    }

    /// <param name="most">Peers shown at the most.</param>
    public static Table Of(RingReading ring, int most = int.MaxValue)
    {
        Table table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn("id").RightAligned());
        table.AddColumn("address");
        table.AddColumn(new TableColumn("predecessor").RightAligned());
        table.AddColumn("successors");
        foreach (string number in (string[])["arc", "objects", "bytes"])
            table.AddColumn(new TableColumn(number).RightAligned());
        table.AddColumn("kind");
        table.AddColumn("state");
        foreach (TableColumn column in table.Columns)
            column.Padding = new Padding(0, 0, 2, 0);
        foreach (PeerReading peer in ring.Peers.Take(most))
        {
            table.AddRow(
                new Text(peer.Self.Id.ToBriefString(), new Style(decoration: Decoration.Bold)),
                new Text(peer.Self.Address),
                new Text(Brief(peer.Predecessor)),
                new Text(peer.Successors.IsEmpty ? "-" : string.Join(' ', peer.Successors.Select(Brief))),
                new Text(ring.ShareOf(peer) is { } share ? RingText.ShareOf(share) : "-"),
                new Text(peer.Description is { } told ? FormattableString.Invariant($"{told.ObjectsHeld:#,0}") : "-"),
                new Text(peer.Description is { } said ? ByteText.Of(said.BytesHeld) : "-"),
                new Text(RingText.KindOf(peer.Kind)),
                new Text(RingText.StateOf(peer), new Style(ColourOf(peer))));
        }
        return table;
    }

    private static Color ColourOf(PeerReading peer) => peer.Phase switch
    {
        MemberPhase.Member => Color.Green,
        null => Color.Red,
        _ => Color.Yellow,
    };

    private static string Brief(PeerRef? peer) => peer?.Id.ToBriefString() ?? "-";
}
