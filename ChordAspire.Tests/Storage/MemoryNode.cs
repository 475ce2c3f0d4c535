namespace ChordAspire.Tests.Storage;

/// <summary>A file's bytes: as they are read, and as they were flushed.</summary>
internal sealed class MemoryNode
{
    private byte[] _flushed = [];

    public byte[] Bytes { get; private set; } = [];

    public void Write(ReadOnlySpan<byte> bytes, int offset)
    {
        byte[] changed = new byte[Math.Max(Bytes.Length, offset + bytes.Length)];
        Bytes.CopyTo(changed, 0);
        bytes.CopyTo(changed.AsSpan(offset));
        Bytes = changed;
    }

    public void Flush() => _flushed = Bytes;

    public void Replace(byte[] bytes) => Bytes = _flushed = bytes;

    public MemoryNode Surviving(Survival survival, Random random)
    {
        var node = new MemoryNode();
        node.Replace(survival switch
        {
            Survival.Everything => Bytes,
            Survival.FlushedOnly => _flushed,
            _ => ReferenceEquals(Bytes, _flushed) ? Bytes : Bytes[..random.Next(Bytes.Length + 1)],
        });
        return node;
    }
}
