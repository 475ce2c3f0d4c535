using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Observatory;

/// <summary>The ring as it was, for at least <see cref="Kept"/>, in bounded memory: where there are too many pictures, older ones are given up that came soon after another.</summary>
internal sealed class RingHistory(PeerNames names, TimeProvider time)
{
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private const int MaxPictures = 4000;

    /// <summary>Longest that it takes to find all peers of a ring; most are known as soon as it is seen to be ideal.</summary>
    private static readonly TimeSpan GettingToKnow = TimeSpan.FromSeconds(30);

    /// <summary>Of these every one is kept, however fast they came.</summary>
    private const int NewestKept = 500;

    private readonly Lock _lock = new();
    private readonly List<RingPicture> _pictures = [];
    private readonly HappeningLog _log = new(Kept);
    private DateTimeOffset? _brokenSince;
    private DateTimeOffset? _missingSince;
    private bool _wasIdeal;
    private DateTimeOffset? _began;

    public DateTimeOffset Now => time.GetUtcNow();

    public RingPicture Latest
    {
        get
        {
            lock (_lock)
                return _pictures.Count > 0 ? _pictures[^1] : RingPicture.Empty;
        }
    }

    /// <summary>The ring as it was at a moment; before all that is kept, the oldest picture.</summary>
    public RingPicture At(DateTimeOffset moment)
    {
        lock (_lock)
        {
            int found = _pictures.FindLastIndex(picture => picture.Time <= moment);
            return _pictures.Count == 0 ? RingPicture.Empty : _pictures[Math.Max(found, 0)];
        }
    }

    /// <summary>What happened, in the order of time.</summary>
    public ImmutableArray<Happening> Happenings
    {
        get
        {
            lock (_lock)
                return _log.InOrder();
        }
    }

    /// <summary>For the strip: when what was so.</summary>
    public ImmutableArray<CoursePoint> Course
    {
        get
        {
            lock (_lock)
                return [.. _pictures.Select(picture => new CoursePoint(picture.Time, picture.IsIdeal, picture.UnderReplicated))];
        }
    }

    public void Add(RingPicture picture)
    {
        lock (_lock)
        {
            Compare(_pictures.Count > 0 ? _pictures[^1] : RingPicture.Empty, picture);
            _pictures.Add(picture);
            // The one that was valid at the beginning of the time kept stays.
            while (_pictures.Count > 1 && _pictures[1].Time < picture.Time - Kept)
                _pictures.RemoveAt(0);
            if (_pictures.Count > MaxPictures)
                Thin();
        }
    }

    public void Add(Happening happening)
    {
        lock (_lock)
            _log.Add(happening);
    }

    /// <summary>Lookups that others have made through a peer.</summary>
    /// <param name="took">All of them together.</param>
    public void AddLookups(string through, long count, TimeSpan took)
    {
        lock (_lock)
            _log.AddLookups(Now, through, count, took);
    }

    /// <summary>All but the newest stand apart by as much as lets half of the room hold all the time kept.</summary>
    private void Thin()
    {
        TimeSpan apart = Kept / (MaxPictures / 2);
        int older = _pictures.Count - NewestKept;
        List<RingPicture> thinned = [];
        for (int i = 0; i < _pictures.Count; i++)
        {
            if (i >= older || thinned.Count == 0 || _pictures[i].Time - thinned[^1].Time >= apart)
                thinned.Add(_pictures[i]);
        }
        _pictures.Clear();
        _pictures.AddRange(thinned);
    }

    private void Compare(RingPicture before, RingPicture now)
    {
        Dictionary<PeerRef, Standing> stood = before.Peers.ToDictionary(mark => mark.Self, mark => mark.Standing);
        _began ??= now.Time;
        bool isKnown = _wasIdeal || now.Time - _began > GettingToKnow;
        foreach (PeerMark mark in now.Peers)
        {
            Standing? was = stood.TryGetValue(mark.Self, out Standing standing) ? standing : null;
            // Who was in the ring before it was looked at has not joined now.
            if (was is null && mark.IsInRing && !isKnown)
                continue;
            if (Happening.OfStanding(now.Time, was, mark.Standing, names.Of(mark.Self)) is { } happening)
                _log.Add(happening);
        }
        if (_wasIdeal && !now.IsIdeal)
            _brokenSince ??= now.Time;
        if (now.IsIdeal && _brokenSince is { } broken)
        {
            _log.Add(Happening.OfRepair(broken, now.Time));
            _brokenSince = null;
        }
        _wasIdeal |= now.IsIdeal;
        if (now.UnderReplicated > 0)
            _missingSince ??= now.Time;
        else if (_missingSince is { } missing)
        {
            _log.Add(new Happening(now.Time, HappeningKind.Repair, $"all objects have their copies again after {(now.Time - missing).TotalSeconds:0.0} s", now.Time - missing));
            _missingSince = null;
        }
    }
}
