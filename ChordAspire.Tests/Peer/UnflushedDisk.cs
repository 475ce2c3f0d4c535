using ChordAspire.Peer;

namespace ChordAspire.Tests.Peer;

/// <summary>A disk that is never waited for: to lay much down in little time, where no power is going to be lost.</summary>
internal sealed class UnflushedDisk(IDisk disk) : IDisk
{
    public IDisposable Lock(string path) => disk.Lock(path);

    public void CreateFolder(string path) => disk.CreateFolder(path);

    public void List(string folder, NameVisitor visit) => disk.List(folder, visit);

    public IDiskFile Create(string path) => new UnflushedFile(disk.Create(path));

    public IDiskFile Open(string path) => disk.Open(path);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string path) => disk.Delete(path);

    public void FlushFolder(string path)
    {
    }

    public long FreeBytes(string folder) => disk.FreeBytes(folder);

    private sealed class UnflushedFile(IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public void Write(ReadOnlySpan<byte> bytes, long offset) => file.Write(bytes, offset);

        public int Read(Span<byte> buffer, long offset) => file.Read(buffer, offset);

        public void Flush()
        {
        }

        public void Dispose() => file.Dispose();
    }
}
