using System.Collections.Immutable;

namespace ChordAspire.Observatory;

/// <summary>Plays a recording: where it stands, how fast it goes, and the ring at that moment. For one visitor, in one thread.</summary>
public sealed class RecordingPlayer
{
    /// <summary>How many times faster than the run's own time it can be played.</summary>
    public static ImmutableArray<double> Speeds { get; } = [0.1, 0.25, 1, 4, 20, 100];

    private static readonly TimeSpan LookupShown = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly Dictionary<int, HeardPeer> _peers = [];
    private RingPicture _picture = RingPicture.Empty;
    private bool _isStale = true;
    private int _applied;
    private int _lookupsEnded;
    private long _lastTick;

    public RecordingPlayer(Recording recording, TimeProvider time)
    {
        (Recording, _time) = (recording, time);
        GoTo(TimeSpan.Zero);
    }

    public Recording Recording { get; }

    public TimeSpan Position { get; private set; }

    public bool IsPlaying { get; private set; }

    public double Speed { get; set; } = 1;

    public bool IsAtEnd => Position >= Recording.Duration;

    /// <summary>The ring at this moment: the same object as long as nothing changes.</summary>
    public RingPicture Picture
    {
        get
        {
            if (_isStale)
                _picture = Draw();
            _isStale = false;
            return _picture;
        }
    }

    /// <summary>The latest lookup, while it is under way and shortly after.</summary>
    public LookupWalk? Walk
    {
        get
        {
            int next = _lookupsEnded;
            if (next < Recording.Lookups.Length && Recording.Lookups[next] is { } underWay && underWay.At - underWay.Took <= Position)
                return underWay.Walk;
            return next > 0 && Position - Recording.Lookups[next - 1].At <= LookupShown ? Recording.Lookups[next - 1].Walk : null;
        }
    }

    /// <summary>Goes on, or from the beginning where it has come to the end.</summary>
    public void Play()
    {
        if (IsAtEnd)
            GoTo(TimeSpan.Zero);
        IsPlaying = true;
        _lastTick = _time.GetTimestamp();
    }

    public void Pause() => IsPlaying = false;

    /// <summary>Time has passed.</summary>
    public void Tick()
    {
        if (!IsPlaying)
            return;
        TimeSpan passed = _time.GetElapsedTime(_lastTick);
        _lastTick = _time.GetTimestamp();
        GoTo(Position + (passed * Speed));
        IsPlaying = !IsAtEnd;
    }

    public void GoTo(TimeSpan moment)
    {
        TimeSpan to = moment < TimeSpan.Zero ? TimeSpan.Zero : moment > Recording.Duration ? Recording.Duration : moment;
        if (to < Position)
        {
            // Forgets all, and goes there from the beginning: to take in a change is to put a reference in a table.
            _peers.Clear();
            (_applied, _lookupsEnded, _isStale) = (0, 0, true);
        }
        Position = to;
        for (; _applied < Recording.Changes.Length && Recording.Changes[_applied].At <= to; _applied++)
        {
            _peers[Recording.Changes[_applied].Peer] = Recording.Changes[_applied].Now;
            _isStale = true;
        }
        while (_lookupsEnded < Recording.Lookups.Length && Recording.Lookups[_lookupsEnded].At <= to)
            _lookupsEnded++;
        // Who is gone is shown for a while only.
        _isStale |= _picture.Peers.Any(mark => !mark.IsInRing && mark.Standing != Standing.Joining && !IsShown(mark.Standing, mark.ChangedAt));
    }

    /// <summary>To the next moment at which something changes.</summary>
    public void StepForward()
    {
        Pause();
        GoTo(_applied < Recording.Changes.Length ? Recording.Changes[_applied].At : Recording.Duration);
    }

    /// <summary>To the moment of the change before the last one.</summary>
    public void StepBack()
    {
        Pause();
        if (_applied == 0)
            return;
        TimeSpan last = Recording.Changes[_applied - 1].At;
        if (last < Position)
        {
            GoTo(last);
            return;
        }
        int before = _applied - 1;
        while (before >= 0 && Recording.Changes[before].At == last)
            before--;
        GoTo(before >= 0 ? Recording.Changes[before].At : TimeSpan.Zero);
    }

    private RingPicture Draw()
    {
        HeardPeer[] heard = [.. _peers.Values.Where(peer => IsShown(peer.Standing, peer.ChangedAt!.Value))];
        return PictureMaker.Make(heard, [], RingPicture.Empty, Recording.TimeOf(Position));
    }

    private bool IsShown(Standing standing, DateTimeOffset since) => standing switch
    {
        Standing.Dead => Recording.TimeOf(Position) - since < RingObserver.DeadShown,
        Standing.Left => Recording.TimeOf(Position) - since < RingObserver.LeftShown,
        _ => true,
    };
}
