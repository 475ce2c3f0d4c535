using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The lines of one resource, newest kept, with everyone who reads along.</summary>
internal sealed class ResourceConsole
{
    /// <summary>Lines kept per resource. Older ones go.</summary>
    internal const int LinesMax = 10_000;

    /// <summary>Lines a slow reader may fall behind before it loses the oldest of them.</summary>
    private const int UnreadMax = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly List<Channel<LogLine>> _readers = [];
    private int _written;

    /// <summary>Who reads along.</summary>
    internal int Readers
    {
        get
        {
            lock (_lock)
                return _readers.Count;
        }
    }

    internal void Write(string content, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(++_written, content, isError);
            _lines.Enqueue(line);
            if (_lines.Count > LinesMax)
                _lines.Dequeue();
            foreach (Channel<LogLine> reader in _readers)
                reader.Writer.TryWrite(line);
        }
    }

    /// <summary>Everything so far, and a reader that misses nothing after it.</summary>
    internal ChannelReader<LogLine> Open(out IReadOnlyList<LogLine> backlog)
    {
        var reader = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(UnreadMax) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            backlog = [.. _lines];
            _readers.Add(reader);
        }

        return reader.Reader;
    }

    internal void Close(ChannelReader<LogLine> reader)
    {
        lock (_lock)
            _readers.RemoveAll(entry => ReferenceEquals(entry.Reader, reader));
    }
}
