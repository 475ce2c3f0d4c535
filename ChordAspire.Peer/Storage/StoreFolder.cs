using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>Where things lie in the store's folder. No path is made of a key, only of its hash.</summary>
internal sealed class StoreFolder(string root)
{
    private const int Format = 1;

    private const string Readme = """
        The objects that one peer of a ChordAspire ring holds. Stop the peer before changing anything here.
        objects/XX/   one object is two files: its bytes, and the same name with .json, which says its key. XX are the identifier's last two digits.
                      Names are IDENTIFIER.STAMP.SIZE.SHA256, the stamp in milliseconds since 1970; IDENTIFIER.STAMP.deleted.json remembers a deletion.
                      grep -l '"key": "my-key"' objects/*/*.json finds an object; sha256sum of its bytes must give the SHA256 of its name.
        incoming/     uploads under way; damaged/ what failed its check and was set aside; store.json the ring's width, lock the running peer.

        """;

    private readonly string[] _shards = [.. Enumerable.Range(0, ObjectFile.Shards)
        .Select(shard => Path.Combine(root, "objects", shard.ToString("x2", CultureInfo.InvariantCulture)))];

    private long _incoming;

    public string Root => root;

    public string Incoming { get; } = Path.Combine(root, "incoming");

    public string Damaged { get; } = Path.Combine(root, "damaged");

    public string LockPath => Path.Combine(root, "lock");

    public string Shard(int shard) => _shards[shard];

    public string ContentPath(in ObjectEntry entry) => Path.Combine(_shards[ObjectFile.ShardOf(entry.Id)], ObjectFile.ContentName(entry));

    public string SidecarPath(in ObjectEntry entry) => Path.Combine(_shards[ObjectFile.ShardOf(entry.Id)], ObjectFile.SidecarName(entry));

    /// <summary>A name for a temporary file that none has had since the store was opened.</summary>
    public string NewIncoming() => Path.Combine(Incoming, Interlocked.Increment(ref _incoming).ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes what is missing, and has it durable: nothing of it is made later.</summary>
    /// <exception cref="ObjectStoreException">The folder is of another format, or of a ring of another width.</exception>
    public void Prepare(IDisk disk, int ringBits)
    {
        disk.CreateFolder(Incoming);
        if (IsMarked(disk, ringBits))
            return;
        disk.CreateFolder(Damaged);
        foreach (string shard in _shards)
            disk.CreateFolder(shard);
        disk.FlushFolder(Path.Combine(root, "objects"));
        DeleteAll(disk, Incoming);
        Write(disk, "README.txt", Encoding.UTF8.GetBytes(Readme));
        disk.FlushFolder(root);
        // Last: a folder with its mark is complete.
        Write(disk, "store.json", JsonSerializer.SerializeToUtf8Bytes(new StoreMark(Format, ringBits), StoreMarkJson.Default.StoreMark));
        disk.FlushFolder(root);
        if (Path.GetDirectoryName(Path.GetFullPath(root)) is { } above)
            disk.FlushFolder(above);
    }

    public static void DeleteAll(IDisk disk, string folder)
    {
        List<string> names = [];
        disk.List(folder, name => names.Add(name.ToString()));
        foreach (string name in names)
            disk.Delete(Path.Combine(folder, name));
    }

    private bool IsMarked(IDisk disk, int ringBits)
    {
        string path = Path.Combine(root, "store.json");
        StoreMark? mark;
        try
        {
            using IDiskFile file = disk.Open(path);
            byte[] bytes = new byte[Math.Min(file.Length, 4096)];
            mark = JsonSerializer.Deserialize(bytes.AsSpan(0, file.Read(bytes, 0)), StoreMarkJson.Default.StoreMark);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (JsonException error)
        {
            throw new ObjectStoreException($"'{path}' cannot be read, so that nobody knows what ring the objects are of.", error);
        }
        if (mark?.Format != Format)
            throw new ObjectStoreException($"'{root}' has format {mark?.Format}, and this program knows format {Format} alone.");
        if (mark.RingBits != ringBits)
        {
            throw new ObjectStoreException(
                $"'{root}' holds objects of a ring of {mark.RingBits} bits, and this peer's ring has {ringBits}: "
                + $"give it another folder ({ObjectStoreOptions.DirectorySetting}).");
        }
        return true;
    }

    private void Write(IDisk disk, string name, byte[] bytes)
    {
        string temporary = NewIncoming();
        using (IDiskFile file = disk.Create(temporary))
        {
            file.Write(bytes, 0);
            file.Flush();
        }
        disk.Rename(temporary, Path.Combine(root, name));
    }
}

/// <summary>What the folder says of itself.</summary>
/// <param name="Format">Of names, sidecars and folders.</param>
/// <param name="RingBits">Width of the ring's identifiers.</param>
internal sealed record StoreMark(int Format, int RingBits);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StoreMark))]
internal sealed partial class StoreMarkJson : JsonSerializerContext;
