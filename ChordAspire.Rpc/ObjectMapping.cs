using System.Buffers.Binary;
using System.Collections.Immutable;
using ChordAspire.Protocol;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ChordAspire.Rpc;

/// <summary>Between wire and protocol for all that has to do with objects: every conversion checks widths and bounds, and refuses by name.</summary>
public static class ObjectMapping
{
    private const int SumBytes = 16;

    /// <summary>The last millisecond of the year 9999: above it a peer's clock is broken, and nothing written later would count.</summary>
    private const long MaxStamp = 253_402_300_799_999;

    public static Wire.Version ToWire(ObjectVersion version) =>
        new() { Stamp = version.Stamp, Deleted = version.Deleted, Hash = version.Deleted ? ByteString.Empty : ToWire(version.Hash) };

    public static ByteString ToWire(ContentHash hash)
    {
        Span<byte> bytes = stackalloc byte[ContentHash.ByteCount];
        hash.WriteTo(bytes);
        return ByteString.CopyFrom(bytes);
    }

    public static Wire.ObjectArc ToWire(Arc arc) => new() { From = WireMapping.ToWire(arc.From), To = WireMapping.ToWire(arc.To) };

    public static Wire.ArcQuestion ToWire(ArcQuestion question) => new() { Arc = ToWire(question.Arc), Digest = ToWire(question.Digest) };

    public static Wire.ArcAnswer ToWire(ArcAnswer answer)
    {
        var reply = new Wire.ArcAnswer { Agrees = answer.Agrees };
        if (!answer.Entries.IsDefault)
            reply.Entries.AddRange(answer.Entries.Select(ToWire));
        if (!answer.Parts.IsDefault)
            reply.Parts.AddRange(answer.Parts.Select(part => new Wire.ArcPart { To = WireMapping.ToWire(part.To), Digest = ToWire(part.Digest) }));
        return reply;
    }

    /// <exception cref="RefusedException">A field is malformed or missing.</exception>
    public static ObjectVersion VersionFromWire(Wire.Version? version, string field)
    {
        if (version is null)
            throw Bad($"Field '{field}' is missing.");
        if (version.Stamp is < 0 or > MaxStamp)
            throw Bad($"Field '{field}.stamp' is {version.Stamp}; milliseconds since 1970 lie from 0 to {MaxStamp}.");
        if (version.Deleted && !version.Hash.IsEmpty)
            throw Bad($"Field '{field}.hash' has {version.Hash.Length} bytes; a deletion has none.");
        return version.Deleted ? ObjectVersion.Tombstone(version.Stamp) : new ObjectVersion(version.Stamp, Deleted: false, HashFromWire(version.Hash, $"{field}.hash"));
    }

    /// <exception cref="RefusedException">It is malformed.</exception>
    public static ObjectVersion? OptionalVersionFromWire(Wire.Version? version, string field) => version is null ? null : VersionFromWire(version, field);

    /// <exception cref="RefusedException">It has not the length of one.</exception>
    public static ContentHash HashFromWire(ByteString bytes, string field) => bytes.Length == ContentHash.ByteCount
        ? ContentHash.FromBytes(bytes.Span)
        : throw Bad($"Field '{field}' has {bytes.Length} bytes; a SHA-256 has {ContentHash.ByteCount}.");

    /// <exception cref="RefusedException">It is negative.</exception>
    public static long SizeFromWire(long size, string field) => size >= 0 ? size : throw Bad($"Field '{field}' is {size}; it cannot be negative.");

    /// <exception cref="RefusedException">It is larger than a chunk may be.</exception>
    public static ReadOnlyMemory<byte> ChunkFromWire(ByteString chunk) => chunk.Length <= RingLimits.MaxChunkBytes
        ? chunk.Memory
        : throw Bad($"A chunk has {chunk.Length} bytes; at most {RingLimits.MaxChunkBytes} are allowed.");

    /// <exception cref="RefusedException">It is not of an object.</exception>
    public static Identifier ObjectIdFromWire(ByteString bytes, string field) => WireMapping.IdFromWire(bytes, ObjectPlace.Bits, field);

    /// <exception cref="RefusedException">An end is malformed or missing.</exception>
    public static Arc ArcFromWire(Wire.ObjectArc? arc, string field) => arc is null
        ? throw Bad($"Field '{field}' is missing.")
        : new Arc(ObjectIdFromWire(arc.From, $"{field}.from"), ObjectIdFromWire(arc.To, $"{field}.to"));

    /// <exception cref="RefusedException">An end is malformed.</exception>
    public static Arc? OptionalArcFromWire(Wire.ObjectArc? arc, string field) => arc is null ? null : ArcFromWire(arc, field);

    /// <exception cref="RefusedException">There are too many, or one is malformed.</exception>
    public static ImmutableArray<ArcQuestion> QuestionsFromWire(RepeatedField<Wire.ArcQuestion> questions)
    {
        Limit(questions.Count, ArcComparison.MaxQuestions, "questions");
        return [.. questions.Select(question => new ArcQuestion(ArcFromWire(question.Arc, "questions.arc"), DigestFromWire(question.Digest, "questions.digest")))];
    }

    /// <exception cref="RefusedException">There are too many, or one is malformed.</exception>
    public static ImmutableArray<ArcAnswer> AnswersFromWire(RepeatedField<Wire.ArcAnswer> answers)
    {
        Limit(answers.Count, ArcComparison.MaxQuestions, "answers");
        return [.. answers.Select(AnswerFromWire)];
    }

    private static ArcAnswer AnswerFromWire(Wire.ArcAnswer answer)
    {
        if (answer.Agrees)
            return default;
        Limit(answer.Parts.Count, ArcComparison.MaxParts, "answers.parts");
        Limit(answer.Entries.Count, ArcComparison.MaxEntries, "answers.entries");
        // An asked peer that holds nothing there says so with an empty list of entries.
        return answer.Parts.Count > 0
            ? new ArcAnswer(default, [.. answer.Parts.Select(part => new ArcPart(ObjectIdFromWire(part.To, "answers.parts.to"), DigestFromWire(part.Digest, "answers.parts.digest")))])
            : new ArcAnswer([.. answer.Entries.Select(EntryFromWire)], default);
    }

    private static ObjectEntry EntryFromWire(Wire.Entry entry) => new(
        ObjectIdFromWire(entry.Id, "entries.id"), VersionFromWire(entry.Version, "entries.version"), SizeFromWire(entry.Size, "entries.size"));

    private static ArcDigest DigestFromWire(Wire.ArcDigest? digest, string field)
    {
        if (digest is not { Sum.Length: SumBytes, Count: <= int.MaxValue })
            throw Bad($"Field '{field}' is no digest: a count and a sum of {SumBytes} bytes.");
        return new ArcDigest((int)digest.Count, BinaryPrimitives.ReadUInt128BigEndian(digest.Sum.Span));
    }

    private static Wire.Entry ToWire(ObjectEntry entry) => new() { Id = WireMapping.ToWire(entry.Id), Version = ToWire(entry.Version), Size = entry.Size };

    private static Wire.ArcDigest ToWire(ArcDigest digest)
    {
        Span<byte> sum = stackalloc byte[SumBytes];
        BinaryPrimitives.WriteUInt128BigEndian(sum, digest.Sum);
        return new Wire.ArcDigest { Count = (uint)digest.Count, Sum = ByteString.CopyFrom(sum) };
    }

    private static void Limit(int count, int max, string field)
    {
        if (count > max)
            throw Bad($"Field '{field}' has {count} entries; at most {max} are allowed.");
    }

    private static RefusedException Bad(string message) => new(Refusal.InvalidRequest, message);
}
