namespace ChordAspire.SeedPeer;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "seed peer {Id} starts a ring")]
    public static partial void StartsRing(ILogger logger, int id);

    [LoggerMessage(2, LogLevel.Information, "seed peer {Id} joined through {Target}; its successor is {Successor} at {Address}")]
    public static partial void Joined(ILogger logger, int id, string target, int successor, string address);

    [LoggerMessage(3, LogLevel.Information, "seed peer {Id} listens on {Address}")]
    public static partial void Listens(ILogger logger, int id, string address);

    [LoggerMessage(4, LogLevel.Error, "seed peer {Id} could not join through {Target}: {Reason}")]
    public static partial void CouldNotJoin(ILogger logger, int id, string target, string reason);

    [LoggerMessage(5, LogLevel.Warning, "seed peer {Id} ends its maintenance for good: its successor {Successor} at {Address} failed: {Reason}")]
    public static partial void MaintenanceEnded(ILogger logger, int id, int successor, string address, string reason);

    [LoggerMessage(6, LogLevel.Information, "seed peer {Id} leaves")]
    public static partial void Leaves(ILogger logger, int id);

    [LoggerMessage(7, LogLevel.Warning, "seed peer {Id} could not tell a neighbour that it leaves: {Reason}")]
    public static partial void CouldNotTell(ILogger logger, int id, string reason);

    [LoggerMessage(8, LogLevel.Error, "seed peer {Id} cannot listen: {Reason}")]
    public static partial void CannotListen(ILogger logger, int id, string reason);
}
