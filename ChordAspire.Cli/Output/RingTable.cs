using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Spectre.Console;

namespace ChordAspire.Cli;

/// <summary>A ring for people: a line for each peer, and what is wrong. On a narrow screen with fewer columns, rather than with identifiers broken in pieces.</summary>
internal static class RingTable
{
    private const int Gap = 2;

    private static readonly Column Predecessor = new("predecessor", IsRight: true, static (_, peer) => Brief(peer.Predecessor));
    private static readonly Column Successors = new("successors", IsRight: false, static (_, peer) => peer.Successors.IsEmpty ? "-" : string.Join(' ', peer.Successors.Select(Brief)));
    private static readonly Column FirstSuccessor = new("successor", IsRight: false, static (_, peer) => peer.Successors.IsEmpty ? "-" : Brief(peer.Successors[0]));
    private static readonly Column Arc = new("arc", IsRight: true, static (ring, peer) => ring.ShareOf(peer) is { } share ? RingText.ShareOf(share) : "-");
    private static readonly Column Objects = new("objects", IsRight: true, static (_, peer) => HeldCount.Of(peer) is { } held ? FormattableString.Invariant($"{held.Objects:#,0}") : "-");
    private static readonly Column Bytes = new("bytes", IsRight: true, static (_, peer) => HeldCount.Of(peer) is { } held ? ByteText.Of(held.Bytes) : "-");
    private static readonly Column Kind = new("kind", IsRight: false, static (_, peer) => RingText.KindOf(peer.Kind));

    private static readonly Column[] All =
    [
        new("id", IsRight: true, static (_, peer) => peer.Self.Id.ToBriefString(), static _ => new Style(decoration: Decoration.Bold)),
        new("address", IsRight: false, static (_, peer) => peer.Self.Address),
        Predecessor, Successors, Arc, Objects, Bytes, Kind,
        new("state", IsRight: false, static (_, peer) => RingText.StateOf(peer), static peer => new Style(ColourOf(peer))),
    ];

    /// <summary>What is done without where there is no room, one after the other: first what the lines around it tell as well.</summary>
    private static readonly (Column Column, Column? Instead)[] Spared =
        [(Successors, FirstSuccessor), (Kind, null), (Predecessor, null), (Bytes, null), (Arc, null), (FirstSuccessor, null), (Objects, null)];

    public static void Write(Terminal terminal, RingReading ring)
    {
        IAnsiConsole console = terminal.Console;
        Column[] columns = terminal.OutIsTerminal ? Fitting(ring, console.Profile.Width) : All;
        console.Write(Of(ring, columns, int.MaxValue));
        console.WriteLine();
        console.MarkupLine(SummaryOf(ring));
        foreach (string problem in ring.Problems)
            console.MarkupLineInterpolated($"[yellow]![/] {problem}");
        string[] spared = [.. All.Except(columns).Select(column => column.Head)];
        if (spared.Length > 0)
            console.WriteLine($"No room for: {string.Join(", ", spared)}.", new Style(decoration: Decoration.Dim));
    }

    /// <summary>As markup.</summary>
    public static string SummaryOf(RingReading ring)
    {
        string colour = ring.IsIdeal ? "green" : ring.IsValid ? "yellow" : "red";
        int members = ring.Members.Count();
        return FormattableString.Invariant(
            $"{members} {(members == 1 ? "peer" : "peers")} on {ring.Parameters.Bits} bits, successor lists of {ring.Parameters.SuccessorListLength}: [{colour}]{RingText.VerdictOf(ring)}[/]");
    }

    /// <param name="width">Of the screen, in characters.</param>
    /// <param name="most">Peers shown at the most.</param>
    public static Table Of(RingReading ring, int width, int most) => Of(ring, Fitting(ring, width), most);

    private static Table Of(RingReading ring, Column[] columns, int most)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (Column column in columns)
        {
            table.AddColumn(new TableColumn(column.Head)
            {
                Alignment = column.IsRight ? Justify.Right : Justify.Left,
                NoWrap = column != Successors,
                Padding = new Padding(0, 0, Gap, 0),
            });
        }
        foreach (PeerReading peer in ring.Peers.Take(most))
            table.AddRow(columns.Select(column => new Text(column.TextOf(ring, peer), column.StyleOf?.Invoke(peer))));
        return table;
    }

    private static Column[] Fitting(RingReading ring, int width)
    {
        var columns = new List<Column>(All);
        foreach ((Column column, Column? instead) in Spared)
        {
            if (columns.Sum(column => WidthOf(column, ring)) <= width)
                break;
            // Where peers differ in it, it is worth more than what comes next.
            if (column == Kind && ring.Peers.DistinctBy(peer => peer.Kind).Count() > 1)
                continue;
            int place = columns.IndexOf(column);
            columns.RemoveAt(place);
            if (instead is not null)
                columns.Insert(place, instead);
        }
        return [.. columns];
    }

    private static int WidthOf(Column column, RingReading ring) => Gap + ring.Peers.Select(peer => column.TextOf(ring, peer).Length).Append(column.Head.Length).Max();

    private static Color ColourOf(PeerReading peer) => peer.Phase switch
    {
        MemberPhase.Member => Color.Green,
        null => Color.Red,
        _ => Color.Yellow,
    };

    private static string Brief(PeerRef? peer) => peer?.Id.ToBriefString() ?? "-";

    private sealed record Column(string Head, bool IsRight, Func<RingReading, PeerReading, string> TextOf, Func<PeerReading, Style>? StyleOf = null);
}
