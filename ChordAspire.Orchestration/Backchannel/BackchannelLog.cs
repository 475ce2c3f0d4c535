using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

internal static partial class BackchannelLog
{
    [LoggerMessage(1, LogLevel.Warning, "The aspire tool will not find this application, which could not offer its socket in {Folder}: {Reason}")]
    internal static partial void NotOffered(ILogger logger, string folder, string reason);

    [LoggerMessage(2, LogLevel.Debug, "The aspire tool finds this application at {Socket}")]
    internal static partial void Offered(ILogger logger, string socket);

    [LoggerMessage(3, LogLevel.Debug, "A client of the backchannel was sent away: {Connections} are connected already")]
    internal static partial void TooMany(ILogger logger, int connections);

    [LoggerMessage(4, LogLevel.Debug, "A client of the backchannel was cut off: {Reason}")]
    internal static partial void CutOff(ILogger logger, string reason);
}
