namespace ChordAspire.Peer;

/// <summary>What the object store logs.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(101, LogLevel.Information, "Store in {Directory}: {Objects} objects, {Bytes} bytes on disk; opened in {Elapsed}, {Leftovers} files left over from its last end removed.")]
    public static partial void Opened(ILogger logger, string directory, int objects, long bytes, TimeSpan elapsed, int leftovers);

    [LoggerMessage(102, LogLevel.Error, "Object {Id} of {Stamp} is damaged and was set aside: {Reason}")]
    public static partial void SetAside(ILogger logger, ChordAspire.Protocol.Identifier id, long stamp, string reason);

    [LoggerMessage(103, LogLevel.Warning, "This round of the scrub broke off: {Reason}")]
    public static partial void ScrubFailed(ILogger logger, string reason);

    [LoggerMessage(104, LogLevel.Warning, "The superseded version of object {Id} could not be removed, and is left to the scrub: {Reason}")]
    public static partial void NotRemoved(ILogger logger, ChordAspire.Protocol.Identifier id, string reason);
}
