using System.Net;

namespace ChordAspire.Peer;

/// <summary>Who may tell this peer to leave the ring.</summary>
internal static class LeavePermission
{
    /// <summary>Those on its own machine, who could send its process a SIGTERM as well; others where <c>Chord:AllowRemoteLeave</c> says so.</summary>
    public static bool IsGiven(bool allowRemoteLeave, IPAddress? caller) => allowRemoteLeave || (caller is not null && IPAddress.IsLoopback(caller));
}
