using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>What stands beside an object's content, for people and for checking. Its stamp is in the name alone, for it is known last.</summary>
/// <param name="Key">The object's name.</param>
/// <param name="Deleted">A tombstone: there is no content.</param>
/// <param name="Size">Bytes of content.</param>
/// <param name="Sha256">Of the content, as <c>sha256sum</c> prints it; null for a tombstone.</param>
/// <param name="BlockSize">Bytes of content that each checksum covers; the last covers what is left.</param>
/// <param name="Blocks">XxHash3 of each block, 8 bytes big-endian each (base64 in the file): parts are verified without reading the whole.</param>
internal sealed record Sidecar(string Key, bool Deleted, long Size, string? Sha256, int BlockSize, byte[] Blocks)
{
    public const int BytesPerBlock = 8;

    /// <summary>Enough for a key of the longest kind, with every character escaped, and the names of the properties.</summary>
    private const int LengthMax = 32 * 1024;

    private static readonly SidecarJson Json = new(new JsonSerializerOptions
    {
        // Keys stay readable, and can be found with grep.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    });

    public static Sidecar Tombstone(string key) => new(key, Deleted: true, Size: 0, Sha256: null, ContentHasher.BlockSize, []);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json.Sidecar);

    /// <summary>Reads the sidecar of this entry, and checks that it is that.</summary>
    /// <exception cref="DamagedObjectException">It is not, or cannot be read.</exception>
    public static Sidecar Read(IDisk disk, string path, in ObjectEntry entry, int ringBits)
    {
        byte[] bytes;
        try
        {
            using IDiskFile file = disk.Open(path);
            long longest = LengthMax + (2 * BytesPerBlock * (1 + (entry.Size / ContentHasher.BlockSize)));
            if (file.Length > longest)
                throw new DamagedObjectException(entry, $"Its sidecar has {file.Length} bytes.");
            bytes = new byte[file.Length];
            bytes = bytes[..file.Read(bytes, 0)];
        }
        catch (IOException error) when (DiskErrors.IsDamage(error))
        {
            throw new DamagedObjectException(entry, $"Its sidecar cannot be read: {error.Message}", error);
        }
        Sidecar? read;
        try
        {
            read = JsonSerializer.Deserialize(bytes, Json.Sidecar);
        }
        catch (JsonException error)
        {
            throw new DamagedObjectException(entry, "Its sidecar is not what was written.", error);
        }
        if (read is not { Key: not null, Blocks: not null } || !read.IsOf(entry, ringBits))
            throw new DamagedObjectException(entry, "Its sidecar is that of another object or version.");
        return read;
    }

    private bool IsOf(in ObjectEntry entry, int ringBits) =>
        Deleted == entry.Version.Deleted
        && Size == entry.Size
        && (Deleted || Sha256 == entry.Version.Hash.ToString())
        && BlockSize == ContentHasher.BlockSize
        && Blocks.Length == BytesPerBlock * ((Size + BlockSize - 1) / BlockSize)
        && ObjectPlace.IdOf(Key, ringBits) == entry.Id;
}

[JsonSerializable(typeof(Sidecar))]
internal sealed partial class SidecarJson : JsonSerializerContext;
