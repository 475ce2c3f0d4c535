using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>"This is my digest of the arc; what is yours?"</summary>
/// <param name="Arc">Of object identifiers.</param>
/// <param name="Digest">The asker's.</param>
public readonly record struct ArcQuestion(Arc Arc, ArcDigest Digest);

/// <summary>A part of an arc: from the end of the part before it, to here.</summary>
public readonly record struct ArcPart(Identifier To, ArcDigest Digest);

/// <summary>What the asked peer has on an arc. Exactly one of the two lists is given where the digests differ, and none where they agree.</summary>
/// <param name="Entries">All that it has there, when it is little; else default.</param>
/// <param name="Parts">Its digests of the parts of the arc, clockwise; else default.</param>
public readonly record struct ArcAnswer(ImmutableArray<ObjectEntry> Entries, ImmutableArray<ArcPart> Parts)
{
    /// <summary>Both hold the same there.</summary>
    public bool Agrees => Entries.IsDefault && Parts.IsDefault;
}

/// <summary>What came of one answer.</summary>
/// <param name="Questions">Parts that differ: to be asked next.</param>
/// <param name="Newer">What the other has newer than we, or alone.</param>
/// <param name="Older">What we have newer than the other, or alone.</param>
public readonly record struct ArcDifferences(ImmutableArray<ArcQuestion> Questions, ImmutableArray<ObjectEntry> Newer, ImmutableArray<ObjectEntry> Older);

/// <summary>
/// Finds what two peers hold differently on an arc, by halving it in sixteen where digests differ until little is left. Peers in agreement exchange one
/// question of about 60 bytes; d differences among n objects take about log16(n / 64) questions in turn.
/// </summary>
/// <remarks>
/// Range-based set reconciliation (Meyer, SRDS 2023) over the order of the circle. The asked peer remembers nothing between questions, so
/// nothing has to be kept, bounded or forgotten when an asker dies; and it reads only, so that any thread may answer.
/// </remarks>
public static class ArcComparison
{
    /// <summary>The most entries that one answer lists.</summary>
    public const int MaxEntries = 64;

    /// <summary>Parts that an arc is divided into.</summary>
    public const int MaxParts = 16;

    /// <summary>Questions in one message at the most.</summary>
    public const int MaxQuestions = 16;

    /// <summary>The most of our own that one answer is compared with; of more, parts are asked about first, so that no list of differences grows long.</summary>
    public const int MaxCompared = 512;

    public static ArcAnswer Answer(ObjectIndex index, ArcQuestion question)
    {
        ArcDigest own = index.DigestOf(question.Arc);
        if (own == question.Digest)
            return default;
        if (own.Count <= MaxEntries)
            return new ArcAnswer([.. index.On(question.Arc)], default);
        return new ArcAnswer(default, [.. Divided(index, question.Arc).Select(part => new ArcPart(part.Arc.To, part.Digest))]);
    }

    /// <summary>What an answer says about the difference between us and the asked peer.</summary>
    /// <exception cref="ArgumentException">It is no answer to this question: parts that do not divide the arc, or entries that do not lie on it.</exception>
    public static ArcDifferences Compare(ObjectIndex index, Arc arc, ArcAnswer answer)
    {
        if (!answer.Parts.IsDefault)
            return new ArcDifferences(PartsThatDiffer(index, arc, answer.Parts), [], []);
        if (answer.Entries.IsDefault)
            return new ArcDifferences([], [], []);
        return index.DigestOf(arc).Count > MaxCompared ? new ArcDifferences(Divided(index, arc), [], []) : EntriesThatDiffer(index, arc, answer.Entries);
    }

    /// <summary>An arc with at least <see cref="MaxParts"/> objects, in parts of as many each.</summary>
    private static ImmutableArray<ArcQuestion> Divided(ObjectIndex index, Arc arc)
    {
        int count = index.DigestOf(arc).Count;
        var parts = ImmutableArray.CreateBuilder<ArcQuestion>(MaxParts);
        Identifier from = arc.From;
        for (int i = 1; i <= MaxParts; i++)
        {
            Identifier to = i == MaxParts ? arc.To : index.AtOn(arc, (int)((long)count * i / MaxParts) - 1).Id;
            var part = new Arc(from, to);
            parts.Add(new ArcQuestion(part, index.DigestOf(part)));
            from = to;
        }
        return parts.MoveToImmutable();
    }

    private static ImmutableArray<ArcQuestion> PartsThatDiffer(ObjectIndex index, Arc arc, ImmutableArray<ArcPart> parts)
    {
        var differing = ImmutableArray.CreateBuilder<ArcQuestion>();
        Identifier from = arc.From;
        for (int i = 0; i < parts.Length; i++)
        {
            bool last = i == parts.Length - 1;
            // Parts without an end to them would be asked about for ever.
            if (last ? parts[i].To != arc.To : !parts[i].To.IsBetween(from, arc.To))
                throw new ArgumentException($"Part {i}, to {parts[i].To}, does not go on from {from} towards {arc.To}.", nameof(parts));
            var part = new Arc(from, parts[i].To);
            ArcDigest own = index.DigestOf(part);
            if (own != parts[i].Digest)
                differing.Add(new ArcQuestion(part, own));
            from = parts[i].To;
        }
        if (parts.Length < 2)
            throw new ArgumentException($"An arc was divided into {parts.Length} parts.", nameof(parts));
        return differing.DrainToImmutable();
    }

    private static ArcDifferences EntriesThatDiffer(ObjectIndex index, Arc arc, ImmutableArray<ObjectEntry> entries)
    {
        var theirs = new Dictionary<Identifier, ObjectVersion>(entries.Length);
        var newer = ImmutableArray.CreateBuilder<ObjectEntry>();
        foreach (ObjectEntry entry in entries)
        {
            if (!arc.Contains(entry.Id))
                throw new ArgumentException($"Object {entry.Id} is not on the arc {arc} that was asked about.", nameof(entries));
            theirs[entry.Id] = entry.Version;
            if (!index.Has(entry.Id, entry.Version))
                newer.Add(entry);
        }
        ImmutableArray<ObjectEntry> older = [.. index.On(arc).Where(own => !theirs.TryGetValue(own.Id, out ObjectVersion their) || their < own.Version)];
        return new ArcDifferences([], newer.DrainToImmutable(), older);
    }
}
