using ChordAspire.Peer;

namespace ChordAspire.Tests.Storage;

/// <summary>What a disk is asked to do; each may fail, or be the last thing before the power goes.</summary>
public enum DiskOperation
{
    Create,
    Open,
    Write,
    Read,
    Flush,
    Rename,
    Delete,
    FlushFolder,
}

/// <summary>Which of what was not flushed is there when the power comes back.</summary>
public enum Survival
{
    /// <summary>All of it: only the process ended.</summary>
    Everything,

    /// <summary>Nothing of it.</summary>
    FlushedOnly,

    /// <summary>Of names and of bytes any part, drawn by chance: the worst that a disk may do without lying.</summary>
    ByChance,
}

/// <summary>A file system in memory that knows what was flushed, and can lose the rest.</summary>
internal sealed class MemoryDisk : IDisk
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryFolder> _folders = [];
    private bool _locked;

    /// <summary>Called before each operation with the path it is about; throws what the disk should throw.</summary>
    public Action<DiskOperation, string>? Fault { get; set; }

    /// <summary>Operations so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation at which the power goes: it and all after it fail. A write is torn.</summary>
    public int PowerEndsAt { get; set; } = int.MaxValue;

    public long Free { get; set; } = long.MaxValue;

    public bool IsWithoutPower => Operations > PowerEndsAt;

    /// <summary>The disk as the next process finds it.</summary>
    public MemoryDisk PowerOn(Survival survival, int seed)
    {
        var random = new Random(seed);
        var next = new MemoryDisk();
        lock (_gate)
        {
            Dictionary<MemoryNode, MemoryNode> survivors = [];
            foreach ((string path, MemoryFolder folder) in _folders)
            {
                var names = new MemoryFolder();
                foreach ((string name, MemoryNode node) in folder.Surviving(survival, random))
                {
                    if (!survivors.TryGetValue(node, out MemoryNode? survivor))
                        survivors[node] = survivor = node.Surviving(survival, random);
                    names.Set(name, survivor);
                }
                names.Flush();
                next._folders[path] = names;
            }
        }
        return next;
    }

    public IDisposable Lock(string path)
    {
        lock (_gate)
        {
            if (_locked)
                throw new ObjectStoreException($"'{path}' is in use.");
            _locked = true;
        }
        return new Held(this);
    }

    public void CreateFolder(string path)
    {
        lock (_gate)
        {
            for (string? folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
                _folders.TryAdd(folder, new MemoryFolder());
        }
    }

    public void List(string folder, NameVisitor visit)
    {
        string[] names;
        lock (_gate)
            names = [.. _folders[folder].Names.Keys];
        foreach (string name in names)
            visit(name);
    }

    public IDiskFile Create(string path)
    {
        lock (_gate)
        {
            Do(DiskOperation.Create, path);
            if (Find(path) is not null)
                throw new IOException($"There is a file '{path}'.");
            var node = new MemoryNode();
            FolderOf(path).Set(Path.GetFileName(path), node);
            return new MemoryFile(this, path, node);
        }
    }

    public IDiskFile Open(string path)
    {
        lock (_gate)
        {
            Do(DiskOperation.Open, path);
            return new MemoryFile(this, path, Find(path) ?? throw new FileNotFoundException("There is no such file.", path));
        }
    }

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            Do(DiskOperation.Rename, to);
            MemoryNode node = Find(from) ?? throw new FileNotFoundException("There is no such file.", from);
            FolderOf(to).Set(Path.GetFileName(to), node);
            FolderOf(from).Set(Path.GetFileName(from), null);
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            Do(DiskOperation.Delete, path);
            if (Find(path) is not null)
                FolderOf(path).Set(Path.GetFileName(path), null);
        }
    }

    public void FlushFolder(string path)
    {
        lock (_gate)
        {
            Do(DiskOperation.FlushFolder, path);
            _folders[path].Flush();
        }
    }

    public long FreeBytes(string folder) => Free;

    /// <summary>All files whose path contains this, in order.</summary>
    public IReadOnlyList<string> Files(string part)
    {
        lock (_gate)
        {
            return [.. _folders.SelectMany(folder => folder.Value.Names.Keys.Select(name => Path.Combine(folder.Key, name)))
                .Where(path => path.Contains(part, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
    }

    public byte[] BytesOf(string path)
    {
        lock (_gate)
            return Find(path)!.Bytes;
    }

    /// <summary>Changes the bytes of a file, as rot does: without an operation, and durably.</summary>
    public void Rot(string path, Func<byte[], byte[]> change)
    {
        lock (_gate)
        {
            MemoryNode node = Find(path)!;
            node.Replace(change([.. node.Bytes]));
        }
    }

    private MemoryNode? Find(string path) => FolderOf(path).Names.GetValueOrDefault(Path.GetFileName(path));

    private MemoryFolder FolderOf(string path) => _folders[Path.GetDirectoryName(path)!];

    private void Do(DiskOperation operation, string path)
    {
        if (++Operations > PowerEndsAt)
            throw new IOException("The power is gone.");
        Fault?.Invoke(operation, path);
    }

    private sealed class Held(MemoryDisk disk) : IDisposable
    {
        public void Dispose() => disk._locked = false;
    }

    private sealed class MemoryFile(MemoryDisk disk, string path, MemoryNode node) : IDiskFile
    {
        public long Length => node.Bytes.Length;

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            lock (disk._gate)
            {
                if (disk.Operations + 1 == disk.PowerEndsAt + 1)
                    node.Write(bytes[..(bytes.Length / 2)], (int)offset);
                disk.Do(DiskOperation.Write, path);
                node.Write(bytes, (int)offset);
            }
        }

        public int Read(Span<byte> buffer, long offset)
        {
            lock (disk._gate)
            {
                disk.Do(DiskOperation.Read, path);
                int length = (int)Math.Min(buffer.Length, Math.Max(0, node.Bytes.Length - offset));
                node.Bytes.AsSpan((int)offset, length).CopyTo(buffer);
                return length;
            }
        }

        public void Flush()
        {
            lock (disk._gate)
            {
                disk.Do(DiskOperation.Flush, path);
                node.Flush();
            }
        }

        public void Dispose()
        {
        }
    }
}
