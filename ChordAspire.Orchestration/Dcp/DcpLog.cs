using System.Net;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

internal static partial class DcpLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Starting Aspire's orchestrator {DcpPath}")]
    internal static partial void Starting(ILogger logger, string dcpPath);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Aspire's orchestrator answers after {Elapsed}")]
    internal static partial void Answers(ILogger logger, TimeSpan elapsed);

    [LoggerMessage(EventId = 4, Level = LogLevel.Debug, Message = "The {Source} log of {Name} was refused with status {Status}")]
    internal static partial void LogRefused(ILogger logger, string source, string name, HttpStatusCode status);

    [LoggerMessage(EventId = 7, Level = LogLevel.Debug, Message = "The {Source} log of {Name} broke off: {Reason}")]
    internal static partial void LogBrokeOff(ILogger logger, string source, string name, string reason);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning,
        Message = "Aspire's orchestrator has not cleaned up within {Elapsed}; it goes on by itself, and ends when this process does")]
    internal static partial void CleanupLate(ILogger logger, TimeSpan elapsed);

    [LoggerMessage(EventId = 6, Level = LogLevel.Debug, Message = "Aspire's orchestrator has ended after {Elapsed}")]
    internal static partial void Ended(ILogger logger, TimeSpan elapsed);
}
