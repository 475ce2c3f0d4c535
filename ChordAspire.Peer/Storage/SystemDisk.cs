using System.Globalization;
using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace ChordAspire.Peer;

/// <summary>The machine's file system.</summary>
internal sealed class SystemDisk : IDisk
{
    private const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    public IDisposable Lock(string path)
    {
        // Read by people and by the message below only: what counts is the lock itself, which the system drops when its holder dies.
        string holder = path + ".holder";
        try
        {
            var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException busy) when (busy.HResult is 11 or 35 or unchecked((int)0x80070020))
        {
            string who = File.Exists(holder) ? $"process {File.ReadAllText(holder)}" : "another process";
            throw new ObjectStoreException(
                $"'{Path.GetDirectoryName(path)}' is in use by {who}: give each peer a folder of its own ({ObjectStoreOptions.DirectorySetting}).", busy);
        }
    }

    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public void List(string folder, NameVisitor visit)
    {
        // Names are looked at where they lie: a string for each of 200,000 files would be 60 MB.
        var files = new FileSystemEnumerable<bool>(folder, (ref FileSystemEntry entry) => Seen(entry.FileName, visit), Everything)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory,
        };
        foreach (bool _ in files)
        {
        }
    }

    public IDiskFile Create(string path) => new SystemFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, Shared));

    public IDiskFile Open(string path) => new SystemFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, Shared));

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void FlushFolder(string path) => FolderFlush.Flush(path);

    public long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    private static bool Seen(ReadOnlySpan<char> name, NameVisitor visit)
    {
        visit(name);
        return true;
    }

    private sealed class SystemFile(SafeFileHandle handle) : IDiskFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public int Read(Span<byte> buffer, long offset)
        {
            int filled = 0;
            while (filled < buffer.Length && RandomAccess.Read(handle, buffer[filled..], offset + filled) is > 0 and int read)
                filled += read;
            return filled;
        }

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
