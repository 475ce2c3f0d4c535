using System.Globalization;

namespace ChordAspire.Peer;

/// <summary>Keeps what was set aside, for people: the newest few, under the time at which it was found.</summary>
internal sealed class DamagedFolder(IDisk disk, StoreFolder folder, TimeProvider time)
{
    /// <summary>A disk that rots must not fill itself with what has rotted.</summary>
    public const int KeptMax = 100;

    private readonly Lock _gate = new();

    /// <summary>Moves a version's files here; what cannot be moved stays, and is an orphan.</summary>
    public void Receive(string sidecar, string? content)
    {
        string prefix = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            // The sidecar first: content alone does not count as a version.
            Move(sidecar, prefix);
            if (content is not null)
                Move(content, prefix);
            RemoveOldest();
        }
    }

    private void Move(string path, string prefix)
    {
        try
        {
            disk.Rename(path, Path.Combine(folder.Damaged, $"{prefix}.{Path.GetFileName(path)}"));
        }
        catch (IOException)
        {
            // It is missing, which was the damage; or the disk does not let it go, and then at least it is out of the index.
        }
    }

    private void RemoveOldest()
    {
        List<string> names = [];
        disk.List(folder.Damaged, name => names.Add(name.ToString()));
        names.Sort(StringComparer.Ordinal);
        foreach (string name in names.Take(names.Count - (2 * KeptMax)))
            disk.Delete(Path.Combine(folder.Damaged, name));
    }
}
