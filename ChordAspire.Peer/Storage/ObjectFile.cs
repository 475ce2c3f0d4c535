using System.Buffers;
using System.Globalization;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>
/// A file of an object, by its name, which says all that the index needs: <c>IDENTIFIER.STAMP.SIZE.SHA256</c> for the content, the same with <c>.json</c>
/// for its sidecar, <c>IDENTIFIER.STAMP.deleted.json</c> for a tombstone. Starting needs no look into files.
/// </summary>
internal readonly record struct ObjectFile(ObjectEntry Entry, bool IsSidecar)
{
    private const string SidecarEnding = ".json";
    private const string DeletedPart = "deleted";
    private const int IdDigits = ObjectPlace.Bits / 4;
    private const int HashDigits = 2 * ContentHash.ByteCount;

    /// <summary>Folders that objects are spread over.</summary>
    public const int Shards = 256;

    /// <summary>
    /// Which folder: the last byte of the identifier. The first would put all objects of a peer into few folders, since they lie on one arc.
    /// </summary>
    public static int ShardOf(Identifier id)
    {
        Span<byte> bytes = stackalloc byte[ObjectPlace.Bits / 8];
        id.WriteBigEndian(bytes);
        return bytes[^1];
    }

    public static string ContentName(in ObjectEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.Id}.{entry.Version.Stamp}.{entry.Size}.{entry.Version.Hash}");

    public static string SidecarName(in ObjectEntry entry) => entry.Version.Deleted
        ? string.Create(CultureInfo.InvariantCulture, $"{entry.Id}.{entry.Version.Stamp}.{DeletedPart}{SidecarEnding}")
        : ContentName(entry) + SidecarEnding;

    /// <summary>False for names that the store does not give.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out ObjectFile file)
    {
        file = default;
        bool sidecar = name.EndsWith(SidecarEnding, StringComparison.Ordinal);
        ReadOnlySpan<char> rest = sidecar ? name[..^SidecarEnding.Length] : name;
        Span<byte> id = stackalloc byte[ObjectPlace.Bits / 8];
        if (!TakePart(ref rest, out ReadOnlySpan<char> part) || part.Length != IdDigits || !TryReadHex(part, id))
            return false;
        if (!TakePart(ref rest, out part) || !TryReadNumber(part, out long stamp))
            return false;
        Identifier identifier = Identifier.FromBigEndian(ObjectPlace.Bits, id);
        if (rest.SequenceEqual(DeletedPart))
        {
            file = new ObjectFile(new ObjectEntry(identifier, ObjectVersion.Tombstone(stamp), Size: 0), sidecar);
            return sidecar;
        }
        Span<byte> hash = stackalloc byte[ContentHash.ByteCount];
        if (!TakePart(ref rest, out part) || !TryReadNumber(part, out long size) || rest.Length != HashDigits || !TryReadHex(rest, hash))
            return false;
        file = new ObjectFile(new ObjectEntry(identifier, new ObjectVersion(stamp, Deleted: false, ContentHash.FromBytes(hash)), size), sidecar);
        return true;
    }

    private static bool TakePart(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> part)
    {
        int dot = rest.IndexOf('.');
        part = dot < 0 ? default : rest[..dot];
        rest = rest[(dot + 1)..];
        return dot > 0;
    }

    // Each state has one name: neither capitals nor leading zeros.
    private static bool TryReadHex(ReadOnlySpan<char> text, Span<byte> bytes) =>
        !text.ContainsAnyInRange('A', 'F')
        && Convert.FromHexString(text, bytes, out _, out int written) == OperationStatus.Done
        && written == bytes.Length;

    private static bool TryReadNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text.Length == 1 || text[0] != '0');
}
