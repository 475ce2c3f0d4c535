using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>All that a peer logs. The same things have the same property names everywhere: Self, Peer, Key, Hops.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Peer {Self} listens on {BindAddress}:{Port}, health on {HttpPort}; {Bits}-bit ring, successor list of {SuccessorListLength}.")]
    public static partial void Listening(ILogger logger, PeerRef self, System.Net.IPAddress bindAddress, int port, int httpPort, int bits, int successorListLength);

    [LoggerMessage(2, LogLevel.Information, "Peer {Self} starts a ring.")]
    public static partial void StartedRing(ILogger logger, PeerRef self);

    [LoggerMessage(3, LogLevel.Information, "Peer {Self} joined behind {Predecessor}.")]
    public static partial void Joined(ILogger logger, PeerRef self, PeerRef predecessor);

    [LoggerMessage(4, LogLevel.Information, "The ring has more than {SuccessorListLength} peers: it is ready for failures.")]
    public static partial void RingReady(ILogger logger, int successorListLength);

    [LoggerMessage(5, LogLevel.Information, "Successor is now {Successor}, was {Before}.")]
    public static partial void SuccessorChanged(ILogger logger, PeerRef? successor, PeerRef? before);

    [LoggerMessage(6, LogLevel.Information, "Predecessor is now {Predecessor}, was {Before}.")]
    public static partial void PredecessorChanged(ILogger logger, PeerRef? predecessor, PeerRef? before);

    [LoggerMessage(7, LogLevel.Warning, "Peer {Peer} is silent and was dropped.")]
    public static partial void PeerDropped(ILogger logger, PeerRef peer);

    [LoggerMessage(8, LogLevel.Error, "Local monitor {Monitor} tripped: {Detail}")]
    public static partial void MonitorTripped(ILogger logger, string monitor, string detail);

    [LoggerMessage(9, LogLevel.Warning, "Cannot join through {Target} yet: {Reason} Next try in {Delay}.")]
    public static partial void JoinRetried(ILogger logger, string target, string reason, TimeSpan delay);

    [LoggerMessage(10, LogLevel.Critical, "Cannot join: {Reason}")]
    public static partial void JoinRefused(ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Warning, "All successors were lost at once; looking for the ring through {Contacts} other peers.")]
    public static partial void SeekingRing(ILogger logger, int contacts);

    [LoggerMessage(12, LogLevel.Warning, "No other peer answers; going on alone.")]
    public static partial void StandingAlone(ILogger logger);

    [LoggerMessage(13, LogLevel.Information, "Leaving the ring.")]
    public static partial void Leaving(ILogger logger);

    [LoggerMessage(14, LogLevel.Information, "Left the ring after {Elapsed}; {Copies} copies given to other peers since the start, {Kept} kept on disk.")]
    public static partial void Left(ILogger logger, TimeSpan elapsed, long copies, long kept);

    [LoggerMessage(15, LogLevel.Warning, "{Effect} failed, and is tried again later.")]
    public static partial void CopyFailed(ILogger logger, ChordAspire.Protocol.ReplicationEffect effect, Exception exception);

    [LoggerMessage(16, LogLevel.Warning, "Time to leave is up before the successors had everything; the other replicas have it.")]
    public static partial void LeftCopiesBehind(ILogger logger);

    [LoggerMessage(17, LogLevel.Warning, "Peer {Peer} answered badly: {Reason}")]
    public static partial void AnsweredBadly(ILogger logger, PeerRef peer, string? reason);

    [LoggerMessage(18, LogLevel.Error, "Port {Port} is in use; set {Setting} to a free one.")]
    public static partial void PortInUse(ILogger logger, int port, string setting);

    [LoggerMessage(19, LogLevel.Warning, "Peer advertises {Self} but listens on loopback only; set Chord:BindAddress to let other machines in.")]
    public static partial void AdvertisedBeyondLoopback(ILogger logger, PeerRef self);

    [LoggerMessage(21, LogLevel.Error, "Cannot listen on {BindAddress}: {Reason}. Check Chord:BindAddress, PORT and HTTP_PORT.")]
    public static partial void CannotListen(ILogger logger, System.Net.IPAddress bindAddress, string reason);

    [LoggerMessage(20, LogLevel.Information, "Found the ring again through {Target}.")]
    public static partial void FoundRing(ILogger logger, string target);

    [LoggerMessage(24, LogLevel.Warning, "There is no room for copies that belong here: {Reason}")]
    public static partial void NoRoomForCopies(ILogger logger, string reason);

    [LoggerMessage(25, LogLevel.Information, "What this peer owns, {Objects} objects, has all its copies again, after {Elapsed}.")]
    public static partial void Replicated(ILogger logger, int objects, TimeSpan elapsed);

    [LoggerMessage(26, LogLevel.Warning, "A write of the key at {Key} was refused: {Reason}")]
    public static partial void WriteFailed(ILogger logger, ChordAspire.Protocol.Identifier key, string reason);

    [LoggerMessage(23, LogLevel.Error, "Cannot store objects in {Directory}: {Reason} Set Storage:Directory to a folder for this peer alone.")]
    public static partial void CannotStore(ILogger logger, string directory, string reason);

    [LoggerMessage(27, LogLevel.Warning, "Seed peer {Peer} {What}.")]
    public static partial void SeedFault(ILogger logger, PeerRef peer, string what);

    [LoggerMessage(28, LogLevel.Information, "Seed peer {Peer} was given {Objects} objects that lie on its arc.")]
    public static partial void SeedServed(ILogger logger, PeerRef peer, int objects);

    [LoggerMessage(29, LogLevel.Warning, "A seed peer could not be given all that lies on its arc yet: {Reason}")]
    public static partial void SeedNotServed(ILogger logger, string reason);

    [LoggerMessage(22, LogLevel.Critical, "{Effect} broke; the peer ends.")]
    public static partial void EffectBroke(ILogger logger, ChordAspire.Protocol.Effect effect, Exception exception);
}
