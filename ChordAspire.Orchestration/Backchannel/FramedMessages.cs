using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// JSON-RPC messages behind a <c>Content-Length</c> header. The base class reads whatever length is announced; here a message that is longer than
/// any real one, or not framed as agreed, ends the connection before it is read.
/// </summary>
internal sealed class FramedMessages(Stream stream, IJsonRpcMessageTextFormatter formatter) : HeaderDelimitedMessageHandler(stream, formatter)
{
    /// <summary>Bytes of one message. Requests of the tool have a few hundred.</summary>
    internal const int MessageMax = 256 * 1024;

    /// <summary>Bytes of the lines before a message.</summary>
    internal const int HeaderMax = 1024;

    private const string LengthHeader = "Content-Length";
    private const string TypeHeader = "Content-Type";

    private static ReadOnlySpan<byte> HeaderEnd => "\r\n\r\n"u8;

    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        await CheckHeaderAsync(cancellationToken);
        return await base.ReadCoreAsync(cancellationToken);
    }

    /// <summary>Looks at the header of the next message, and leaves it to be read.</summary>
    private async ValueTask CheckHeaderAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await Reader!.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> bytes = read.Buffer;
            string? header = HeaderIn(bytes);
            bool tooLong = header is null && bytes.Length > HeaderMax;
            Reader.AdvanceTo(bytes.Start, header is null && !tooLong ? bytes.End : bytes.Start);
            if (tooLong)
                throw new InvalidDataException($"a header of more than {HeaderMax} bytes");
            if (header is not null)
                Check(header);
            if (header is not null || read.IsCompleted)
                return;
        }
    }

    private static string? HeaderIn(ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        return reader.TryReadTo(out ReadOnlySequence<byte> header, HeaderEnd) && header.Length <= HeaderMax ? Encoding.ASCII.GetString(header) : null;
    }

    // Strict, so that the base class cannot find another length in the same lines.
    private static void Check(string header)
    {
        string[][] lines = [.. header.Split("\r\n").Select(line => line.Split(": ", 2))];
        string[] lengths = [.. lines.Where(line => line[0].Equals(LengthHeader, StringComparison.OrdinalIgnoreCase)).Select(line => line[^1])];
        if (lengths.Length != 1 || lines.Any(line => !line[0].Equals(LengthHeader, StringComparison.OrdinalIgnoreCase)
            && !line[0].Equals(TypeHeader, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidDataException($"a message begins with {LengthHeader}, and nothing else but {TypeHeader}");
        }

        if (!int.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > MessageMax)
            throw new InvalidDataException($"a message of {lengths[0]} bytes; at most {MessageMax} are read");
    }
}
