using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Google.Protobuf.Collections;
using ArcAnswer = ChordAspire.Rpc.Wire.ArcAnswer;
using ArcPart = ChordAspire.Rpc.Wire.ArcPart;
using WireVersion = ChordAspire.Rpc.Wire.Version;

namespace ChordAspire.Tests.Rpc;

/// <summary>Objects between wire and protocol: there and back, and bounds on all that comes from outside.</summary>
public sealed class ObjectMappingTests
{
    private static readonly ByteString Id = ByteString.CopyFrom(Enumerable.Repeat((byte)7, 20).ToArray());

    [Fact]
    public void Versions_go_there_and_back()
    {
        foreach (ObjectVersion version in new[]
        {
            new ObjectVersion(0, Deleted: false, ContentHash.FromBytes(UploadParts.HashOf(ByteString.Empty).Span)),
            new ObjectVersion(253_402_300_799_999, Deleted: false, default),
            ObjectVersion.Tombstone(17),
        })
        {
            Assert.Equal(version, ObjectMapping.VersionFromWire(ObjectMapping.ToWire(version), "version"));
        }
    }

    [Fact]
    public void A_version_out_of_its_bounds_is_refused_with_its_field()
    {
        ByteString hash = UploadParts.Bytes(32);
        AssertRefused("'given' is missing", () => ObjectMapping.VersionFromWire(null, "given"));
        AssertRefused("'given.stamp' is -1", () => ObjectMapping.VersionFromWire(new WireVersion { Stamp = -1, Hash = hash }, "given"));
        AssertRefused("'given.stamp' is 253402300800000", () => ObjectMapping.VersionFromWire(new WireVersion { Stamp = 253_402_300_800_000, Hash = hash }, "given"));
        AssertRefused("'given.hash' has 31 bytes", () => ObjectMapping.VersionFromWire(new WireVersion { Hash = UploadParts.Bytes(31) }, "given"));
        AssertRefused("'given.hash' has 32 bytes", () => ObjectMapping.VersionFromWire(new WireVersion { Deleted = true, Hash = hash }, "given"));
        AssertRefused("'size' is -1", () => ObjectMapping.SizeFromWire(-1, "size"));
    }

    [Fact]
    public void An_answer_about_arcs_that_no_peer_would_give_is_refused()
    {
        var entry = new Entry { Id = Id, Version = new WireVersion { Deleted = true } };
        var part = new ArcPart { To = Id, Digest = new() { Sum = UploadParts.Bytes(16) } };
        AssertRefused("'answers' has 17 entries", () => ObjectMapping.AnswersFromWire(Many(17, new ArcAnswer { Agrees = true })));
        AssertRefused("'answers.entries' has 65 entries", () => ObjectMapping.AnswersFromWire(Many(1, new ArcAnswer { Entries = { Many(65, entry) } })));
        AssertRefused("'answers.parts' has 17 entries", () => ObjectMapping.AnswersFromWire(Many(1, new ArcAnswer { Parts = { Many(17, part) } })));
        AssertRefused("'entries.id' has 0 bytes", () => ObjectMapping.AnswersFromWire(Many(1, new ArcAnswer { Entries = { new Entry { Version = entry.Version } } })));
        AssertRefused("'entries.size' is -5", () => ObjectMapping.AnswersFromWire(Many(1, new ArcAnswer { Entries = { new Entry { Id = Id, Version = entry.Version, Size = -5 } } })));
        AssertRefused("'answers.parts.digest' is no digest", () => ObjectMapping.AnswersFromWire(Many(1, new ArcAnswer { Parts = { new ArcPart { To = Id } } })));
        Assert.Equal(64, ObjectMapping.AnswersFromWire(Many(1, new ArcAnswer { Entries = { Many(64, entry) } }))[0].Entries.Length);
        Assert.True(ObjectMapping.AnswersFromWire(Many(16, new ArcAnswer { Agrees = true }))[15].Agrees);
    }

    private static RepeatedField<T> Many<T>(int count, T item) => [.. Enumerable.Repeat(item, count)];

    private static void AssertRefused(string message, Func<object> read)
    {
        RefusedException refused = Assert.Throws<RefusedException>(read);
        Assert.Equal(Refusal.InvalidRequest, refused.Reason);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }
}
