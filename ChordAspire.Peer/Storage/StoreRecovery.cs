using System.Runtime.InteropServices;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>
/// Makes the index from the names in the folder, whatever moment the last process ended at. A sidecar with its content is a version that was committed;
/// of two such the higher counts. All else is left over from a step that nobody was told of, and is removed.
/// </summary>
internal sealed class StoreRecovery(IDisk disk, StoreFolder folder)
{
    private readonly List<ObjectEntry> _entries = [];

    /// <summary>Files that were removed.</summary>
    public int Leftovers { get; private set; }

    /// <summary>What was found, as the quota counts it.</summary>
    public long BytesOnDisk => _entries.Sum(entry => SpaceBudget.BytesOnDisk(entry.Size));

    public ObjectIndex Run()
    {
        StoreFolder.DeleteAll(disk, folder.Incoming);
        List<ObjectFile> files = [];
        for (int shard = 0; shard < ObjectFile.Shards; shard++)
        {
            int ours = shard;
            files.Clear();
            disk.List(folder.Shard(shard), name =>
            {
                if (ObjectFile.TryParse(name, out ObjectFile file) && ObjectFile.ShardOf(file.Entry.Id) == ours)
                    files.Add(file);
            });
            if (files.Count > 0)
                Sort(shard, files);
        }
        Span<ObjectEntry> entries = CollectionsMarshal.AsSpan(_entries);
        entries.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return ObjectIndex.FromSorted(entries);
    }

    private void Sort(int shard, List<ObjectFile> files)
    {
        // What the last process renamed may be seen and not yet be durable. It is from here on told to others as held, and lower versions go.
        disk.FlushFolder(folder.Shard(shard));
        files.Sort(static (left, right) => Compare(left, right));
        List<ObjectFile> leftovers = [];
        for (int i = 0; i < files.Count;)
        {
            ObjectFile file = files[i];
            // Within a version the sidecar comes first.
            bool paired = i + 1 < files.Count && file.IsSidecar && files[i + 1].Entry == file.Entry;
            int length = paired ? 2 : 1;
            if (file.IsSidecar && (paired || file.Entry.Version.Deleted))
            {
                if (_entries.Count > 0 && _entries[^1].Id == file.Entry.Id)
                    leftovers.AddRange(files.GetRange(i, length));
                else
                    _entries.Add(file.Entry);
            }
            else
            {
                leftovers.Add(file);
            }
            i += length;
        }
        foreach (ObjectFile leftover in leftovers)
            disk.Delete(leftover.IsSidecar ? folder.SidecarPath(leftover.Entry) : folder.ContentPath(leftover.Entry));
        Leftovers += leftovers.Count;
        if (leftovers.Count > 0)
            disk.FlushFolder(folder.Shard(shard));
    }

    /// <summary>By identifier; the highest version first; the sidecar before the content.</summary>
    private static int Compare(in ObjectFile left, in ObjectFile right)
    {
        int order = left.Entry.Id.CompareTo(right.Entry.Id);
        if (order == 0)
            order = right.Entry.Version.CompareTo(left.Entry.Version);
        if (order == 0)
            order = right.Entry.Size.CompareTo(left.Entry.Size);
        return order != 0 ? order : right.IsSidecar.CompareTo(left.IsSidecar);
    }
}
