using System.Collections.Immutable;
using System.Text.Json;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Writes a run down while it goes on, for the ring page to show: one JSON object a line, as <c>docs/schemas/recording.schema.json</c> describes it. Of each
/// peer only what has changed is written.
/// </summary>
/// <remarks>It changes nothing in the run: a seed gives the same events with and without it.</remarks>
public sealed class RunRecorder : IRingObserver, IDisposable
{
    /// <summary>The version of the format, raised when readers of the old one would misread the new one.</summary>
    public const int Version = 1;

    /// <summary>No more lines than this are written: the rest of the run is not recorded.</summary>
    public const int MaxLines = 400_000;

    /// <summary>Whether the ring is ideal is looked at no oftener, in the run's time: it concerns all peers.</summary>
    private static readonly TimeSpan BetweenVerdicts = TimeSpan.FromMilliseconds(50);

    private readonly SimulatedRing _ring;
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;
    private readonly InvariantChecker _checker;
    private readonly Dictionary<int, Written> _written = [];
    private TimeSpan _nextVerdict = BetweenVerdicts;
    private bool _isVerdictStale = true;
    private bool? _wasIdeal;

    /// <param name="ring">What is recorded. The recorder does not become its observer by itself.</param>
    /// <param name="stream">Takes the lines; stays open.</param>
    /// <param name="title">What run this is, for people.</param>
    public RunRecorder(SimulatedRing ring, Stream stream, string title)
    {
        _ring = ring;
        _stream = stream;
        _json = new Utf8JsonWriter(stream);
        _checker = new InvariantChecker(ring.Parameters.SuccessorListLength);
        Write(() =>
        {
            _json.WriteNumber("recording", Version);
            _json.WriteString("title", title);
            _json.WriteNumber("bits", ring.Parameters.Bits);
            _json.WriteNumber("successorListLength", ring.Parameters.SuccessorListLength);
        });
        foreach (SimulatedPeer peer in ring.Peers.Where(peer => peer.IsAlive))
            WriteChange(peer);
    }

    /// <summary>Lines written.</summary>
    public int Lines { get; private set; }

    /// <summary>There was more than is recorded.</summary>
    public bool IsFull => Lines >= MaxLines;

    public void Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step)
    {
        if (!ReferenceEquals(before, step.State))
            WriteChange(peer);
        WriteVerdict();
    }

    public void LivenessChanged(SimulatedPeer peer)
    {
        WriteChange(peer);
        WriteVerdict();
    }

    public void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent) =>
        WriteAtNow(() => _json.WriteString("note", $"{asker.Self.Id.ToBriefString()} took {silent.Self.Id.ToBriefString()} for dead, which lives"));

    public void LookupEnded(LookupRun run)
    {
        LookupOutcome outcome = run.Outcome!;
        WriteAtNow(() =>
        {
            _json.WriteStartObject("lookup");
            _json.WriteNumber("asker", run.Asker.Host);
            _json.WriteString("key", run.Key.ToString());
            WritePeer("owner", outcome.Owner);
            _json.WriteNumber("milliseconds", Math.Round(run.Duration.TotalMilliseconds, 3));
            _json.WriteStartArray("path");
            foreach (LookupHop hop in outcome.Path)
            {
                _json.WriteStartObject();
                WritePeer("peer", hop.Peer);
                _json.WriteBoolean("answered", hop.Answered);
                _json.WriteEndObject();
            }
            _json.WriteEndArray();
            _json.WriteEndObject();
        });
    }

    /// <summary>The last line: how the run ended, in words.</summary>
    public void End(string verdict)
    {
        string text = IsFull ? $"{verdict} (recorded up to {MaxLines:#,0} changes only)" : verdict;
        _nextVerdict = TimeSpan.Zero;
        WriteVerdict();
        Write(() =>
        {
            WriteTime();
            _json.WriteString("end", text);
        });
        _stream.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void WriteChange(SimulatedPeer peer)
    {
        _written.TryGetValue(peer.Host, out Written? last);
        var now = new Written(StateOf(peer), peer.State.Predecessor, peer.State.Successors, peer.State.Fingers);
        bool isOtherState = now.State != last?.State;
        bool isOtherPredecessor = last is null || now.Predecessor != last.Predecessor;
        bool areOtherSuccessors = last is null || !now.Successors.Equals(last.Successors);
        bool areOtherFingers = last is null || (!ReferenceEquals(now.Fingers, last.Fingers) && !now.Fingers.Runs.SequenceEqual(last.Fingers.Runs));
        if (!isOtherState && !isOtherPredecessor && !areOtherSuccessors && !areOtherFingers)
            return;
        _written[peer.Host] = now;
        _isVerdictStale |= isOtherState || isOtherPredecessor || areOtherSuccessors;
        WriteAtNow(() =>
        {
            _json.WriteNumber("peer", peer.Host);
            if (last is null)
            {
                _json.WriteString("id", peer.Self.Id.ToString());
                _json.WriteString("address", peer.Self.Address);
            }
            if (isOtherState)
                _json.WriteString("state", now.State);
            if (isOtherPredecessor)
                WritePeer("predecessor", now.Predecessor);
            if (areOtherSuccessors)
                WriteSuccessors(now.Successors);
            if (areOtherFingers)
                WriteFingers(now.Fingers.Runs);
        });
    }

    private void WriteSuccessors(SuccessorList successors)
    {
        _json.WriteStartArray("successors");
        foreach (PeerRef peer in successors.Peers)
            _json.WriteNumberValue(HostNames.HostOf(peer));
        _json.WriteEndArray();
        _json.WriteBoolean("spansRing", successors.SpansRing);
    }

    private void WriteFingers(ImmutableArray<FingerRun> runs)
    {
        _json.WriteStartArray("fingers");
        foreach (FingerRun run in runs)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(run.First);
            _json.WriteNumberValue(run.Last);
            _json.WriteNumberValue(HostNames.HostOf(run.Peer));
            _json.WriteEndArray();
        }
        _json.WriteEndArray();
    }

    private void WriteVerdict()
    {
        if (!_isVerdictStale || _ring.Now < _nextVerdict)
            return;
        _isVerdictStale = false;
        _nextVerdict = _ring.Now + BetweenVerdicts;
        bool isIdeal = _checker.IsIdeal([.. _ring.Peers.Where(peer => peer.IsLiveMember).Select(peer => peer.State)])
            && !_ring.Peers.Any(peer => peer is { IsAlive: true, State.Phase: MemberPhase.Outside or MemberPhase.Joining });
        if (isIdeal == _wasIdeal)
            return;
        _wasIdeal = isIdeal;
        WriteAtNow(() => _json.WriteBoolean("ideal", isIdeal));
    }

    private static string StateOf(SimulatedPeer peer) => (peer.State.Phase, peer.IsAlive) switch
    {
        (MemberPhase.Left, _) => "left",
        (_, false) => "dead",
        (MemberPhase.Member, _) => "member",
        (MemberPhase.Leaving, _) => "leaving",
        _ => "joining",
    };

    private void WritePeer(string name, PeerRef? peer)
    {
        if (peer is null)
            _json.WriteNull(name);
        else
            _json.WriteNumber(name, HostNames.HostOf(peer));
    }

    private void WriteTime() => _json.WriteNumber("at", Math.Round(_ring.Now.TotalSeconds, 6));

    private void WriteAtNow(Action members)
    {
        if (IsFull)
            return;
        Write(() =>
        {
            WriteTime();
            members();
        });
    }

    private void Write(Action members)
    {
        _json.WriteStartObject();
        members();
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _stream.WriteByte((byte)'\n');
        Lines++;
    }

    /// <summary>What has been written of a peer so far.</summary>
    private sealed record Written(string State, PeerRef? Predecessor, SuccessorList Successors, FingerTable Fingers);
}
