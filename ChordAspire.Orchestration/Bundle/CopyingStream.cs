namespace Aspire.Hosting.Bundle;

/// <summary>A stream to read forward, of which all that is read is also written elsewhere.</summary>
internal sealed class CopyingStream(Stream source, Stream copy) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        int count = source.Read(buffer);
        copy.Write(buffer[..count]);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await source.ReadAsync(buffer, cancellationToken);
        await copy.WriteAsync(buffer[..count], cancellationToken);
        return count;
    }
}
