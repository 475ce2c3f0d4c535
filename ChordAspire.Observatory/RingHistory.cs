using System.Collections.Immutable;
using System.Globalization;
using ChordAspire.Protocol;

namespace ChordAspire.Observatory;

/// <summary>The ring as it was, for at least <see cref="Kept"/>, in bounded memory: where there are too many pictures, older ones are given up that came soon after another.</summary>
internal sealed class RingHistory(PeerNames names, TimeProvider time)
{
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private const int MaxPictures = 4000;

    private const int MaxSums = 4096;

    /// <summary>Longest that it takes to find all peers of a ring; most are known as soon as it is seen to be ideal.</summary>
    private static readonly TimeSpan GettingToKnow = TimeSpan.FromSeconds(30);

    /// <summary>Of these every one is kept, however fast they came.</summary>
    private const int NewestKept = 500;

    /// <summary>Of lookups, and of the rest. Where there are more, older ones are given up that came soon after another of their kind.</summary>
    private const int MaxHappenings = 4000;

    /// <summary>Lookups of others through the same peer are told together for so long: a busy ring has thousands a second.</summary>
    private static readonly TimeSpan LookupsTogether = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<RingPicture> _pictures = [];
    private readonly List<Happening> _happenings = [];

    /// <summary>Apart from the rest, so that they push out nothing else.</summary>
    private readonly List<Happening> _lookups = [];

    private readonly Dictionary<string, LookupSum> _sums = [];
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
            Happening[] all;
            lock (_lock)
                all = [.. _happenings, .. _lookups];
            return [.. all.OrderBy(happening => happening.Time)];
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
        {
            List<Happening> list = happening.Kind == HappeningKind.Lookup ? _lookups : _happenings;
            list.Add(happening);
            // One more than is too old at a time is as many as come.
            for (int most = 2; most > 0 && list[0].Time < happening.Time - Kept; most--)
                list.RemoveAt(0);
            if (list.Count > MaxHappenings)
                Thin(list);
        }
    }

    /// <summary>Lookups that others have made through a peer.</summary>
    public void AddLookups(string through, long count, TimeSpan took)
    {
        lock (_lock)
        {
            DateTimeOffset now = Now;
            LookupSum sum = _sums.TryGetValue(through, out LookupSum? running) && now - running.Began < LookupsTogether ? running : new LookupSum(now, 0, TimeSpan.Zero, null);
            if (_lookups.FindLastIndex(lookup => ReferenceEquals(lookup, sum.Told)) is >= 0 and int place)
                _lookups.RemoveAt(place);
            (count, took) = (sum.Count + count, sum.Took + took);
            TimeSpan mean = took / count;
            var happening = new Happening(
                now, HappeningKind.Lookup, string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "lookup" : "lookups")} through {through}, {mean.TotalMilliseconds:0.0} ms on average"), mean);
            if (_sums.Count >= MaxSums)
                _sums.Clear();
            _sums[through] = new LookupSum(sum.Began, count, took, happening);
            Add(happening);
        }
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

    /// <summary>In the older half those of one kind stand apart by as much as lets that half hold all the time kept.</summary>
    private static void Thin(List<Happening> list)
    {
        TimeSpan apart = Kept / (MaxHappenings / 2 / Enum.GetValues<HappeningKind>().Length);
        var last = new Dictionary<HappeningKind, DateTimeOffset>();
        int place = 0;
        list.RemoveAll(happening =>
        {
            if (place++ >= MaxHappenings / 2)
                return false;
            if (last.TryGetValue(happening.Kind, out DateTimeOffset before) && happening.Time - before < apart)
                return true;
            last[happening.Kind] = happening.Time;
            return false;
        });
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
                Add(happening);
        }
        if (_wasIdeal && !now.IsIdeal)
            _brokenSince ??= now.Time;
        if (now.IsIdeal && _brokenSince is { } broken)
        {
            Add(Happening.OfRepair(broken, now.Time));
            _brokenSince = null;
        }
        _wasIdeal |= now.IsIdeal;
        if (now.UnderReplicated > 0)
            _missingSince ??= now.Time;
        else if (_missingSince is { } missing)
        {
            Add(new Happening(now.Time, HappeningKind.Repair, $"all objects have their copies again after {(now.Time - missing).TotalSeconds:0.0} s", now.Time - missing));
            _missingSince = null;
        }
    }

    /// <summary>Lookups through one peer that are told together.</summary>
    /// <param name="Told">As it stands in the list; null before the first.</param>
    private sealed record LookupSum(DateTimeOffset Began, long Count, TimeSpan Took, Happening? Told);
}
