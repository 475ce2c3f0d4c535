namespace ChordAspire.AppHost;

/// <summary>A guest is a program in the ring that is not our peer: a seed peer, or an external program. As whom and where it runs, and how it is started.</summary>
/// <param name="Name">Of its resource.</param>
/// <param name="IsSeedPeer">False for an external program: what that is will be seen.</param>
/// <param name="NodeId">Its identifier.</param>
/// <param name="GrpcPort">Null takes a free one.</param>
/// <param name="Command">A file, or a name to be found along PATH.</param>
/// <param name="Arguments">May have the placeholders of <see cref="GuestArguments"/>.</param>
internal sealed record GuestPlace(
    string Name, bool IsSeedPeer, int NodeId, int? GrpcPort, string Command, IReadOnlyList<string> Arguments, string WorkingDirectory);
