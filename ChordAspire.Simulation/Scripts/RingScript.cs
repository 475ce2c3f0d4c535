using System.Globalization;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Runs the commands of a transcript on an in-memory ring and tells in words what came of each.</summary>
/// <remarks>
/// <c>ring 8 21 38 bits=6 successors=2</c> (ideal) or <c>start 8 …</c> (alone), then: <c>join 30 via 8</c>, <c>restart 21 via 8</c>,
/// <c>fail 21 32</c>, <c>leave 14</c>, <c>stabilize 8</c>, <c>fix 8</c>, <c>notify 38 from 21</c> (a stale one), <c>round</c> (everybody
/// stabilizes), <c>lookup 54 from 8</c>, <c>show</c>, <c>hold</c>, <c>deliver 2</c> (the two oldest), <c>release</c>. On hold, one message may be picked:
/// <c>deliver question 8 21</c> (8 asks 21), <c>answer 8 21</c>, <c>silence 8 21</c>, <c>notice 8 21</c>, <c>check 8 21</c>, <c>goodbye 8 21</c>, <c>lookup 8</c>,
/// <c>handover 8</c>. <c>know 8 21 38</c> gives 8 a list out of nowhere. With <c>rules=original</c> the peers follow the protocol of 2001, where <c>fix</c> reconciles and flushes.
/// </remarks>
/// <param name="otherwise">The rules where the first line names none; null: the production rules.</param>
internal sealed class RingScript(ProtocolRules? otherwise = null)
{
    private readonly List<string> _told = [];
    private InMemoryRing? _ring;

    /// <summary>The ring as the commands so far left it.</summary>
    public InMemoryRing Ring => _ring ?? throw new FormatException("A transcript begins with a ring, or with a peer that starts one.");

    /// <summary>The lines told since the last call.</summary>
    public IReadOnlyList<string> Run(IEnumerable<string> commands)
    {
        _told.Clear();
        foreach (string command in commands)
            Run(command);
        return [.. _told];
    }

    private void Run(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        ulong[] numbers = [.. words.Where(word => word.All(char.IsAsciiDigit)).Select(word => ulong.Parse(word, CultureInfo.InvariantCulture))];
        switch (words[0])
        {
            case "ring":
                Begin(InMemoryRing.OfIdeal(Parameters(words), Rules(words), numbers));
                break;
            case "start":
                Begin(new InMemoryRing(Parameters(words), Rules(words)));
                Ring.Start(numbers[0]);
                break;
            case "join":
                Ring.Join(numbers[0], via: numbers[1]);
                break;
            case "restart":
                Ring.Fail(numbers[0]);
                Ring.Join(numbers[0], via: numbers[1]);
                break;
            case "fail":
                Ring.Fail(numbers);
                break;
            case "leave":
                Ring.Leave(numbers[0]);
                break;
            case "stabilize":
                Ring.Stabilize(numbers[0]);
                break;
            case "fix":
                Ring.Tell(numbers[0], new ChordEvent.FixFingersDue());
                break;
            case "know":
                Ring.Teach(numbers[0], numbers.AsSpan(1));
                break;
            case "notify":
                Ring.Tell(numbers[0], new ChordEvent.Notified(Ring.Ref(numbers[1])));
                break;
            case "round":
                Ring.RunRound();
                break;
            case "lookup":
                Tell(Ring.LookUp(numbers[0], numbers[1]), numbers[1]);
                break;
            case "show":
                Show();
                break;
            case "hold":
                Ring.Hold();
                break;
            case "deliver" when words.Length > 2:
                if (!Deliver(words[1], numbers))
                    throw new FormatException($"There is nothing under way that '{command}' could deliver.");
                break;
            case "deliver":
                for (ulong i = 0; i < numbers[0]; i++)
                    Ring.DeliverNext();
                break;
            case "release":
                Ring.Release();
                break;
            default:
                throw new FormatException($"A transcript has no command '{command}'.");
        }
    }

    private void Begin(InMemoryRing ring)
    {
        _ring = ring;
        ring.AfterEvent = (before, input, step) =>
        {
            if (Narration.Of(before, input, step) is { } line)
                _told.Add(line);
        };
    }

    private void Tell(LookupOutcome outcome, ulong from)
    {
        IEnumerable<string> path = outcome.Path.Select(hop => Narration.Number(hop.Peer) + (hop.Answered ? "" : " (no answer)")).Prepend($"{from}");
        string end = outcome.Owner is { } owner ? $"owner {Narration.Number(owner)}" : $"failed, {outcome.Failure}";
        _told.Add($"{string.Join(" → ", path)}: {end}, hops {outcome.Hops}");
    }

    private void Show()
    {
        RingSnapshot snapshot = Ring.Snapshot();
        _told.Add(snapshot.IsIdeal ? "the ring is ideal" : snapshot.IsValid ? "the ring is valid, not ideal" : "the ring is not valid");
        foreach (PeerView peer in snapshot.Peers)
        {
            string knows = $"predecessor {Narration.Number(peer.Predecessor)}, successors {Narration.Numbers(peer.Successors.Peers)}";
            _told.Add($"{Narration.Number(peer.Self)}: {(peer.Phase == MemberPhase.Member ? knows : peer.Phase.ToString().ToLowerInvariant())}");
        }
    }

    /// <summary>Delivers one message named by what it is, who asked or tells, and whom.</summary>
    private bool Deliver(string what, ulong[] numbers)
    {
        PeerRef one = Ring.Ref(numbers[0]);
        PeerRef? other = numbers.Length > 1 ? Ring.Ref(numbers[1]) : null;
        return Ring.Deliver((peer, effect, outcome) => peer.Id == one.Id && (what, effect, outcome) switch
        {
            ("question", Effect.AskNeighbors(var asked, _), _) => asked == other,
            ("answer", _, ChordEvent.NeighborsTold(var told, _, _)) => told == other,
            ("silence", _, ChordEvent.NeighborsNotTold(var silent, _)) => silent == other,
            ("notice", Effect.Notify(var notified), _) => notified == other,
            ("check", Effect.Ping(var pinged), _) => pinged == other,
            ("check", _, ChordEvent.PingAnswered(var answered)) => answered == other,
            ("check", _, ChordEvent.PingNotAnswered(var silent)) => silent == other,
            ("goodbye", Effect.TellDeparture(var told), _) => told == other,
            ("lookup", Effect.LookUp, _) or ("lookup", _, ChordEvent.LookupEnded or ChordEvent.Suspected) => true,
            ("handover", Effect.HandOverEverything, _) or ("handover", _, ChordEvent.HandedOver) => true,
            _ => false,
        });
    }

    private ProtocolRules? Rules(string[] words) => words.FirstOrDefault(word => word.StartsWith("rules=", StringComparison.Ordinal)) switch
    {
        null => otherwise,
        "rules=original" => OriginalProtocol.Handle,
        var other => throw new FormatException($"There are no '{other}', only rules=original."),
    };

    private static ChordParameters Parameters(string[] words) => new(Setting(words, "bits=", 6), Setting(words, "successors=", 4));

    private static int Setting(string[] words, string name, int otherwise) =>
        words.FirstOrDefault(word => word.StartsWith(name, StringComparison.Ordinal)) is { } word
            ? int.Parse(word[name.Length..], CultureInfo.InvariantCulture)
            : otherwise;
}
