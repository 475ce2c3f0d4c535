using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Orchestration;

/// <summary>Everything that was logged, a line each: level, category, message.</summary>
internal sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Page(this, categoryName);

    public bool Says(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    public override string ToString() => string.Join('\n', _lines);

    public void Dispose()
    {
    }

    private sealed class Page(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            book._lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)}");
    }
}
