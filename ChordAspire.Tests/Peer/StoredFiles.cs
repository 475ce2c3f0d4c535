using ChordAspire.Protocol;

namespace ChordAspire.Tests.Peer;

/// <summary>What lies in a peer's folder, seen from outside.</summary>
internal static class StoredFiles
{
    /// <summary>The content of an object as it is on the peer's disk; null when it is not there.</summary>
    /// <param name="bits">Width of the ring.</param>
    public static string? Of(PeerProcess peer, string key, int bits)
    {
        string id = $"{ObjectPlace.IdOf(key, bits)}";
        return Directory.EnumerateFiles(Path.Combine(peer.Folder, "objects", id[^2..]), $"{id}.*")
            .Where(file => !file.EndsWith(".json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .LastOrDefault();
    }

    /// <summary>All contents in the peer's folder, by name.</summary>
    public static Dictionary<string, DateTime> All(PeerProcess peer) => Directory
        .EnumerateFiles(Path.Combine(peer.Folder, "objects"), "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith(".json", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetFileName(file)!, File.GetLastWriteTimeUtc);

    /// <summary>Whether the content is there, and is this.</summary>
    public static bool Holds(PeerProcess peer, string key, int bits, ReadOnlySpan<byte> content)
    {
        try
        {
            return Of(peer, key, bits) is { } file && File.ReadAllBytes(file).AsSpan().SequenceEqual(content);
        }
        catch (IOException)
        {
            // It is being replaced.
            return false;
        }
    }

    /// <summary>Turns one bit over, as a disk does that rots.</summary>
    public static void Damage(PeerProcess peer, string key, int bits, long at)
    {
        string path = Of(peer, key, bits) ?? throw new InvalidOperationException($"'{key}' is not at {peer.Address}.");
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = at;
        int old = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(old ^ 1));
    }

    /// <summary>Whether the peer has this file open at the moment.</summary>
    public static bool IsOpen(PeerProcess peer, string path) => Directory.EnumerateFiles($"/proc/{peer.ProcessId}/fd").Any(handle =>
    {
        try
        {
            return File.ResolveLinkTarget(handle, returnFinalTarget: false)?.FullName == path;
        }
        catch (IOException)
        {
            // Closed between the two looks.
            return false;
        }
    });

    /// <summary>Waits until no upload has left anything at these peers.</summary>
    public static Task WaitUntilNothingUnderWayAsync(IReadOnlyCollection<PeerProcess> peers, CancellationToken cancellationToken) => Patience.UntilAsync(
        "no upload has files any more",
        () => Task.FromResult(peers.All(peer => !Directory.EnumerateFileSystemEntries(Path.Combine(peer.Folder, "incoming")).Any())),
        () => string.Join('\n', peers.SelectMany(peer => Directory.EnumerateFileSystemEntries(Path.Combine(peer.Folder, "incoming")))),
        cancellationToken);
}
