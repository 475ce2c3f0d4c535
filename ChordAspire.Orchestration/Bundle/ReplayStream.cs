namespace Aspire.Hosting.Bundle;

/// <summary>Bytes already taken from a stream, followed by the rest of it.</summary>
internal sealed class ReplayStream(ReadOnlyMemory<byte> taken, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _taken = taken;

    public override int Read(Span<byte> buffer)
    {
        if (_taken.IsEmpty)
            return rest.Read(buffer);

        int count = Math.Min(buffer.Length, _taken.Length);
        _taken.Span[..count].CopyTo(buffer);
        _taken = _taken[count..];
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _taken.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : new ValueTask<int>(Read(buffer.Span));
}
