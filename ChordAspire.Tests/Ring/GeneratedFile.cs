using System.Buffers.Binary;

namespace ChordAspire.Tests.Ring;

/// <summary>A file that exists nowhere: each eight bytes follow from where they stand. As large as need be, in no memory.</summary>
/// <param name="events">What happens when so many bytes have been read, once each, in this order.</param>
internal sealed class GeneratedFile(long size, params IEnumerable<(long At, Func<Task> Happens)> events) : Stream
{
    private const int Word = sizeof(ulong);

    private readonly Queue<(long At, Func<Task> Happens)> _events = new(events);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get; set; }

    /// <summary>The bytes from a position on.</summary>
    public static void Fill(Span<byte> bytes, long position)
    {
        Span<byte> word = stackalloc byte[Word];
        while (!bytes.IsEmpty)
        {
            int from = (int)(position % Word);
            // Odd multiples of a word's number: no two words within reach are alike.
            ulong value = (ulong)(position / Word) * 0x9E3779B97F4A7C15;
            int taken;
            if (from == 0 && bytes.Length >= Word)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
                taken = Word;
            }
            else
            {
                BinaryPrimitives.WriteUInt64LittleEndian(word, value);
                taken = Math.Min(Word - from, bytes.Length);
                word.Slice(from, taken).CopyTo(bytes);
            }
            bytes = bytes[taken..];
            position += taken;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_events.TryPeek(out (long At, Func<Task> Happens) next) && Position >= next.At)
            await _events.Dequeue().Happens();
        int length = (int)Math.Min(buffer.Length, size - Position);
        Fill(buffer.Span[..length], Position);
        Position += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
