using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Lets the host write into a resource's console, in the same form as the orchestrator's lines: time, space, text.</summary>
internal sealed class ResourceConsoleLogger(ResourceConsole console, TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string text = formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception);
        string now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        console.Write($"{now} {text}", isError: logLevel >= LogLevel.Error);
    }
}
