using System.Collections.Immutable;
using System.Globalization;

namespace ChordAspire.Observatory;

/// <summary>What happened for as long as is kept, in bounded memory. Not for several threads at once.</summary>
internal sealed class HappeningLog(TimeSpan kept)
{
    /// <summary>Of lookups, and of the rest. Where there are more, older ones are given up that came soon after another of their kind.</summary>
    private const int Most = 4000;

    private const int MaxSums = 4096;

    /// <summary>Lookups of others through the same peer are told together for so long: a busy ring has thousands a second.</summary>
    private static readonly TimeSpan LookupsTogether = TimeSpan.FromSeconds(10);

    private readonly List<Happening> _rest = [];

    /// <summary>Apart from the rest, so that they push out nothing else.</summary>
    private readonly List<Happening> _lookups = [];

    private readonly Dictionary<string, LookupSum> _sums = [];

    public ImmutableArray<Happening> InOrder() => [.. _rest.Concat(_lookups).OrderBy(happening => happening.Time)];

    public void Add(Happening happening)
    {
        List<Happening> list = happening.Kind == HappeningKind.Lookup ? _lookups : _rest;
        list.Add(happening);
        // As many as come grow too old. Two at a time, so that the list gets shorter after a rush.
        for (int most = 2; most > 0 && list[0].Time < happening.Time - kept; most--)
            list.RemoveAt(0);
        if (list.Count > Most)
            Thin(list);
    }

    /// <summary>Lookups that others have made through a peer.</summary>
    /// <param name="took">All of them together.</param>
    public void AddLookups(DateTimeOffset now, string through, long count, TimeSpan took)
    {
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

    /// <summary>In the older half those of one kind stand apart by as much as lets that half hold all the time kept.</summary>
    private void Thin(List<Happening> list)
    {
        TimeSpan apart = kept / (Most / 2 / Enum.GetValues<HappeningKind>().Length);
        var last = new Dictionary<HappeningKind, DateTimeOffset>();
        int place = 0;
        list.RemoveAll(happening =>
        {
            if (place++ >= Most / 2)
                return false;
            if (last.TryGetValue(happening.Kind, out DateTimeOffset before) && happening.Time - before < apart)
                return true;
            last[happening.Kind] = happening.Time;
            return false;
        });
    }

    /// <summary>Lookups through one peer that are told together.</summary>
    /// <param name="Told">As it stands in the list; null before the first.</param>
    private sealed record LookupSum(DateTimeOffset Began, long Count, TimeSpan Took, Happening? Told);
}
