using ChordAspire.Rpc;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ChordAspire.Cli;

/// <summary>A ring live on a terminal: the table, what is wrong, and the last changes.</summary>
internal static class RingScreen
{
    private const int ChangesKept = 12;

    /// <summary>Lines that are not the table's: its head, the summary, headings and blanks.</summary>
    private const int LinesAround = 7;

    public static Task ShowAsync(IAnsiConsole console, RingLooks looks, CancellationToken cancellation)
    {
        var changes = new Queue<RingChange>();
        return console.Live(new Text("asking the peers")).AutoClear(false).Overflow(VerticalOverflow.Crop).StartAsync(live => looks.RunAsync(
            change =>
            {
                changes.Enqueue(change);
                if (changes.Count > ChangesKept)
                    changes.Dequeue();
            },
            ring =>
            {
                live.UpdateTarget(Draw(ring, [.. changes], console.Profile.Width, console.Profile.Height));
                live.Refresh();
            },
            cancellation));
    }

    private static Rows Draw(RingReading? ring, RingChange[] changes, int width, int height)
    {
        List<IRenderable> parts = [];
        int left = height - LinesAround;
        if (ring is null)
        {
            parts.Add(new Markup("[red]No peer answers; still asking.[/]"));
        }
        else
        {
            // What does not fit on the screen is told, rather than scrolled away.
            int shown = Math.Min(ring.Peers.Length, Math.Max(3, left - Math.Min(ring.Problems.Length, 3) - 2));
            parts.Add(RingTable.Of(ring, width, shown));
            if (shown < ring.Peers.Length)
                parts.Add(new Text(FormattableString.Invariant($"and {ring.Peers.Length - shown} more")));
            parts.Add(new Text(""));
            parts.Add(new Markup(RingTable.SummaryOf(ring)));
            foreach (string problem in ring.Problems.Take(3))
                parts.Add(new Markup($"[yellow]![/] {Markup.Escape(Cut(problem, width - 2))}"));
            left -= shown + Math.Min(ring.Problems.Length, 3);
        }
        parts.Add(new Text(""));
        foreach (RingChange change in changes.Reverse().Take(Math.Max(left, 1)))
            parts.Add(new Text(Cut(change.ToString(), width), new Style(decoration: Decoration.Dim)));
        return new Rows(parts);
    }

    /// <summary>A line is a line: what is counted above does not grow.</summary>
    private static string Cut(string line, int width) => line.Length <= width ? line : $"{line[..Math.Max(width - 1, 0)]}…";
}
