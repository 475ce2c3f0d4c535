using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Observatory;

/// <summary>The file is no recording, or not a whole one. The message names the line.</summary>
internal sealed class RecordingException(string message) : Exception(message);

/// <summary>Reads recordings: a JSON object a line, as <c>docs/schemas/recording.schema.json</c> describes it. Whatever else a file holds is refused.</summary>
internal sealed class RecordingReader
{
    private const int Version = 1;
    private const int MaxLines = 500_000;
    private const int MaxPeers = 100_000;
    private const int MaxPath = 1000;

    /// <summary>Alive at the same time: no browser draws more of them fluently.</summary>
    private const int MaxAlive = 4096;

    private const double MaxSeconds = 1e8;

    private readonly Dictionary<int, PeerRef> _peers = [];
    private readonly HashSet<PeerRef> _known = [];
    private readonly Dictionary<int, HeardPeer> _now = [];
    private readonly ImmutableArray<RecordedChange>.Builder _changes = ImmutableArray.CreateBuilder<RecordedChange>();
    private readonly ImmutableArray<RecordedLookup>.Builder _lookups = ImmutableArray.CreateBuilder<RecordedLookup>();
    private readonly ImmutableArray<Happening>.Builder _happenings = ImmutableArray.CreateBuilder<Happening>();
    private readonly ImmutableArray<CoursePoint>.Builder _course = ImmutableArray.CreateBuilder<CoursePoint>();
    private ChordParameters _parameters = new();
    private string _title = "";
    private string? _verdict;
    private TimeSpan _at;
    private int _line;
    private int _alive;

    /// <exception cref="RecordingException">It is no recording.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<Recording> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        using var text = new StreamReader(stream);
        while (await text.ReadLineAsync(cancellationToken) is { } line)
        {
            if (lines.Count == MaxLines)
                throw new RecordingException(string.Create(CultureInfo.InvariantCulture, $"It has more than {MaxLines:#,0} lines; no recording of chord has."));
            lines.Add(line);
        }
        return await Task.Run(() => new RecordingReader().Read(lines, cancellationToken), cancellationToken);
    }

    private Recording Read(List<string> lines, CancellationToken cancellationToken)
    {
        // A line may name peers that a later one introduces: of the two passes the first makes their acquaintance.
        EachLine(lines, Introduce, cancellationToken);
        EachLine(lines, Tell, cancellationToken);
        return new Recording
        {
            Title = _title,
            Verdict = _verdict,
            Parameters = _parameters,
            Duration = _at,
            Changes = _changes.ToImmutable(),
            Lookups = _lookups.ToImmutable(),
            Happenings = _happenings.ToImmutable(),
            Course = _course.ToImmutable(),
        };
    }

    private void EachLine(List<string> lines, Action<JsonElement> read, CancellationToken cancellationToken)
    {
        if (lines.Count == 0)
            throw new RecordingException("The file is empty.");
        for (_line = 1; _line <= lines.Count; _line++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using var document = JsonDocument.Parse(lines[_line - 1], new JsonDocumentOptions { MaxDepth = 8 });
                read(document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement : throw Wrong("is no JSON object"));
            }
            catch (JsonException)
            {
                throw Wrong(_line == 1 ? "is no JSON: the file is no recording of 'chord sim run --record'" : "is no JSON: the recording is damaged");
            }
            catch (Exception mistaken) when (mistaken is InvalidOperationException or FormatException or KeyNotFoundException or OverflowException or IndexOutOfRangeException)
            {
                throw Wrong("has not the shape of docs/schemas/recording.schema.json");
            }
        }
    }

    private void Introduce(JsonElement line)
    {
        if (_line == 1)
        {
            Begin(line);
            return;
        }
        if (!line.TryGetProperty("id", out JsonElement id))
            return;
        if (!Identifier.TryParse("0x" + id.GetString(), _parameters.Bits, out Identifier identifier))
            throw Wrong($"has the identifier '{id.GetString()}', which has not {_parameters.Bits} bits");
        string address = Text(line, "address", RingLimits.MaxAddressBytes);
        var peer = new PeerRef(identifier, address);
        if (_peers.Count == MaxPeers || !_peers.TryAdd(line.GetProperty("peer").GetInt32(), peer) || !_known.Add(peer))
            throw Wrong("introduces a peer again, or one too many");
    }

    private void Begin(JsonElement line)
    {
        if (!line.TryGetProperty("recording", out JsonElement version))
            throw Wrong("does not say which recording this is: the file is none");
        if (version.GetInt32() != Version)
            throw Wrong($"is of version {version.GetInt32()}; this page reads version {Version}. Take the page and the chord tool of one release");
        _title = Text(line, "title", 1000);
        (int bits, int length) = (line.GetProperty("bits").GetInt32(), line.GetProperty("successorListLength").GetInt32());
        if (bits is < 1 or > Identifier.MaxBits || length is < 1 or > 1000)
            throw Wrong($"has {bits} bits and lists of {length}");
        _parameters = new ChordParameters(bits, length);
    }

    private void Tell(JsonElement line)
    {
        if (_line == 1)
            return;
        double seconds = line.GetProperty("at").GetDouble();
        if (!(seconds >= 0 && seconds <= MaxSeconds) || TimeSpan.FromSeconds(seconds) < _at)
            throw Wrong("goes back in time");
        _at = TimeSpan.FromSeconds(seconds);
        if (line.TryGetProperty("peer", out JsonElement peer))
            Change(peer.GetInt32(), line);
        if (line.TryGetProperty("lookup", out JsonElement lookup))
            EndLookup(lookup);
        if (line.TryGetProperty("ideal", out JsonElement ideal))
            Judge(ideal.GetBoolean());
        if (line.TryGetProperty("note", out _))
            _happenings.Add(new Happening(Recording.TimeOf(_at), HappeningKind.Note, Text(line, "note", 1000)));
        if (line.TryGetProperty("end", out _))
            _verdict = Text(line, "end", 1000);
    }

    private void Change(int number, JsonElement line)
    {
        PeerRef self = Peer(number);
        _now.TryGetValue(number, out HeardPeer? last);
        PeerView? view = last?.Told.View;
        string? state = line.TryGetProperty("state", out JsonElement told) ? told.GetString() : null;
        (MemberPhase phase, bool isDead) = state is null ? (view?.Phase ?? MemberPhase.Joining, last?.IsSilent == true) : StateOf(state);
        PeerRef? predecessor = line.TryGetProperty("predecessor", out JsonElement before) ? OptionalPeer(before) : view?.Predecessor;
        SuccessorList successors = line.TryGetProperty("successors", out JsonElement after)
            ? new SuccessorList([.. Items(after, 1000).Select(Peer)], line.GetProperty("spansRing").GetBoolean())
            : view?.Successors ?? SuccessorList.Alone;
        ImmutableArray<FingerRun> fingers = line.TryGetProperty("fingers", out JsonElement runs) ? [.. Items(runs, _parameters.Bits).Select(Finger)] : last?.Told.Fingers ?? [];
        // Fingers are mended all the time, and what was so from the beginning has not changed: only the rest is worth a glow.
        bool isNoticeable = _at > TimeSpan.Zero && (last is null || state is not null || before.ValueKind != JsonValueKind.Undefined || after.ValueKind != JsonValueKind.Undefined);
        var now = new HeardPeer(
            new PeerDescription(
                new PeerView(self, phase, predecessor, successors), _parameters, RingReady: true, fingers, ObjectsHeld: 0, BytesHeld: 0, ObjectsOwned: 0, Replicated: true, ProcessId: 0),
            isDead, isDead ? "its process ended" : null, isNoticeable ? Recording.TimeOf(_at) : last?.ChangedAt ?? DateTimeOffset.MinValue);
        _now[number] = now;
        _alive += (IsAlive(now) ? 1 : 0) - (last is not null && IsAlive(last) ? 1 : 0);
        if (_alive > MaxAlive)
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"makes more than {MaxAlive:#,0} peers alive at once, which is more than this page draws. Record a smaller ring"));
        _changes.Add(new RecordedChange(_at, number, now));
        if (Happening.OfStanding(Recording.TimeOf(_at), last?.Standing, now.Standing, self.Id.ToBriefString()) is { } happening && _at > TimeSpan.Zero)
            _happenings.Add(happening);
    }

    private static bool IsAlive(HeardPeer peer) => peer.Standing is not (Standing.Dead or Standing.Left);

    private void EndLookup(JsonElement lookup)
    {
        PeerRef asker = Peer(lookup.GetProperty("asker"));
        if (!Identifier.TryParse("0x" + lookup.GetProperty("key").GetString(), _parameters.Bits, out Identifier key))
            throw Wrong("looks up what is no identifier");
        PeerRef? owner = OptionalPeer(lookup.GetProperty("owner"));
        var took = TimeSpan.FromMilliseconds(Math.Clamp(lookup.GetProperty("milliseconds").GetDouble(), 0, 1000 * MaxSeconds));
        ImmutableArray<AnsweredHop> path = [.. Items(lookup.GetProperty("path"), MaxPath)
            .Select(hop => new AnsweredHop(Peer(hop.GetProperty("peer")), hop.GetProperty("answered").GetBoolean(), TimeSpan.Zero))];
        string name = key.ToBriefString();
        string milliseconds = string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0.#} ms, hops: {path.Length}");
        _happenings.Add(new Happening(
            Recording.TimeOf(_at), HappeningKind.Lookup, owner is null ? $"{name} not found, {milliseconds}" : $"{name} found at {owner.Id.ToBriefString()} in {milliseconds}", took));
        if (owner is not null)
            _lookups.Add(new RecordedLookup(_at, took, new LookupWalk(name, asker, new LookupAnswer(key, owner, owner, path.Length, path.Length, path.Count(hop => !hop.Answered), path))));
    }

    private void Judge(bool isIdeal)
    {
        DateTimeOffset now = Recording.TimeOf(_at);
        if (isIdeal && _course is [.., { IsIdeal: false } broken] && _course.Count > 1)
            _happenings.Add(Happening.OfRepair(broken.Time, now));
        _course.Add(new CoursePoint(now, isIdeal, UnderReplicated: 0));
    }

    private (MemberPhase Phase, bool IsDead) StateOf(string state) => state switch
    {
        "joining" => (MemberPhase.Joining, false),
        "member" => (MemberPhase.Member, false),
        "leaving" => (MemberPhase.Leaving, false),
        "left" => (MemberPhase.Left, false),
        "dead" => (MemberPhase.Member, true),
        _ => throw Wrong($"has the state '{state}'; there are joining, member, leaving, left and dead"),
    };

    private FingerRun Finger(JsonElement run) => new(run[0].GetInt32(), run[1].GetInt32(), Peer(run[2]));

    private PeerRef? OptionalPeer(JsonElement number) => number.ValueKind == JsonValueKind.Null ? null : Peer(number);

    private PeerRef Peer(JsonElement number) => Peer(number.GetInt32());

    private PeerRef Peer(int number) => _peers.TryGetValue(number, out PeerRef? peer) ? peer : throw Wrong($"names peer {number}, which no line introduces");

    private JsonElement.ArrayEnumerator Items(JsonElement list, int most) =>
        list.GetArrayLength() <= most ? list.EnumerateArray() : throw Wrong($"has a list of more than {most} entries");

    private string Text(JsonElement line, string name, int most) =>
        line.GetProperty(name).GetString() is { } text && text.Length <= most ? text : throw Wrong($"has no {name} of at most {most} characters");

    private RecordingException Wrong(string what) => new($"Line {_line} {what}.");
}
