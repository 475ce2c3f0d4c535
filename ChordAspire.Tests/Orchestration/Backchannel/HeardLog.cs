using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChordAspire.Tests.Orchestration.Backchannel;

/// <summary>Hears what the host says from a level on.</summary>
internal sealed class HeardLog(LogLevel least) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            _lines.Enqueue(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
