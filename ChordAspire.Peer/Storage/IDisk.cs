namespace ChordAspire.Peer;

/// <summary>Is given the name of a file, without its folder.</summary>
internal delegate void NameVisitor(ReadOnlySpan<char> name);

/// <summary>
/// What the store asks of a file system, and no more, so that tests can stand in for one that loses power or breaks. Calls block; the store makes them
/// on threads of its own (<see cref="DiskThreads"/>).
/// </summary>
/// <remarks>
/// The store relies on three things. What a file was flushed with is there after a power loss. What a folder was flushed with (names made, changed and
/// removed in it) likewise. And renaming shows the old state or the new. Of what was not flushed, any part may be there or not.
/// </remarks>
internal interface IDisk
{
    /// <summary>Held until disposed of, or until the process ends in whatever way.</summary>
    /// <exception cref="ObjectStoreException">Someone else holds it.</exception>
    IDisposable Lock(string path);

    /// <summary>With those above it; nothing where it is there already.</summary>
    void CreateFolder(string path);

    /// <summary>The files of a folder, in no order.</summary>
    void List(string folder, NameVisitor visit);

    /// <exception cref="IOException">There is such a file, or the disk is full (<see cref="DiskErrors.IsFull"/>).</exception>
    IDiskFile Create(string path);

    /// <exception cref="IOException">There is no such file, or it cannot be read (<see cref="DiskErrors.IsDamage"/>).</exception>
    IDiskFile Open(string path);

    /// <summary>Replaces what has the new name.</summary>
    void Rename(string from, string to);

    /// <summary>Whoever has the file open goes on reading. Nothing where there is none.</summary>
    void Delete(string path);

    void FlushFolder(string path);

    /// <summary>Bytes that this process may still write to the file system of a folder.</summary>
    long FreeBytes(string folder);
}

/// <summary>An open file.</summary>
internal interface IDiskFile : IDisposable
{
    long Length { get; }

    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Fills the buffer, or less at the end of the file; says how much.</summary>
    int Read(Span<byte> buffer, long offset);

    void Flush();
}
