namespace ChordAspire.Tests.Ring;

/// <summary>Where a <see cref="GeneratedFile"/> is written to: each byte is looked at, and none kept. Fails at the first that is wrong.</summary>
/// <param name="events">What happens when so many bytes have come, once each, in this order.</param>
internal sealed class ComparedFile(params IEnumerable<(long At, Func<Task> Happens)> events) : Stream
{
    private readonly Queue<(long At, Func<Task> Happens)> _events = new(events);
    private byte[] _expected = [];
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Bytes that came, and were right.</summary>
    public override long Length => _written;

    public override long Position { get => _written; set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_events.TryPeek(out (long At, Func<Task> Happens) next) && _written >= next.At)
            await _events.Dequeue().Happens();
        if (_expected.Length < buffer.Length)
            _expected = new byte[buffer.Length];
        GeneratedFile.Fill(_expected.AsSpan(0, buffer.Length), _written);
        Assert.True(buffer.Span.SequenceEqual(_expected.AsSpan(0, buffer.Length)), $"The {buffer.Length} bytes from {_written} on are not those that were put.");
        _written += buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
