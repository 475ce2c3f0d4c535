using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Spectre.Console;

namespace ChordAspire.Cli;

/// <summary>A lookup for people: the way to the owner, hop by hop.</summary>
internal static class LookupText
{
    public static void Write(IAnsiConsole console, string key, LookupAnswer answer)
    {
        console.WriteLine($"{key} is at {answer.Id}");
        if (!answer.Path.IsEmpty)
        {
            console.WriteLine();
            console.Write(TableOf(answer));
            console.WriteLine();
        }
        console.WriteLine(FormattableString.Invariant($"owner {answer.Owner.Address} ({answer.Owner.Id.ToBriefString()}), {CountOf(answer)}"));
        if (answer.Holder != answer.Owner)
            console.WriteLine($"objects there are held by {answer.Holder.Address} ({answer.Holder.Id.ToBriefString()}): the owner speaks the seed's contract alone");
    }

    private static string CountOf(LookupAnswer answer)
    {
        if (answer.Hops == 0)
            return "the asked peer itself: 0 hops";
        string count = FormattableString.Invariant($"{answer.Hops} {(answer.Hops == 1 ? "hop" : "hops")}, {answer.Path.Sum(hop => hop.Duration.TotalMilliseconds):0.0} ms");
        return answer.Unanswered == 0 ? count : FormattableString.Invariant($"{count}, {answer.Unanswered} without an answer");
    }

    private static Table TableOf(LookupAnswer answer)
    {
        Table table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn("hop").RightAligned());
        table.AddColumn(new TableColumn("peer").RightAligned());
        table.AddColumn("address");
        table.AddColumn(new TableColumn("distance left").RightAligned());
        table.AddColumn(new TableColumn("time").RightAligned());
        foreach (TableColumn column in table.Columns)
            column.Padding = new Padding(0, 0, 2, 0);
        for (int i = 0; i < answer.Path.Length; i++)
        {
            AnsweredHop hop = answer.Path[i];
            table.AddRow(
                new Text(FormattableString.Invariant($"{i + 1}")),
                new Text(hop.Peer.Id.ToBriefString()),
                new Text(hop.Peer.Address),
                new Text(LeftAt(hop.Peer, answer)),
                hop.Answered
                    ? new Text(FormattableString.Invariant($"{hop.Duration.TotalMilliseconds:0.0} ms"))
                    : new Text(FormattableString.Invariant($"no answer in {hop.Duration.TotalMilliseconds:0} ms"), new Style(Color.Red)));
        }
        return table;
    }

    /// <summary>Clockwise from the peer to the key, as a part of the circle. A lookup goes clockwise up to the key, and its last step past it.</summary>
    private static string LeftAt(PeerRef peer, LookupAnswer answer) =>
        peer == answer.Owner ? "owner" : RingText.ShareOf(RingReading.ShareOfCircle(peer.Id.DistanceTo(answer.Id)));
}
