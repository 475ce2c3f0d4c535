using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>What every client request needs from its call.</summary>
internal static class RequestContext
{
    /// <summary>The caller's span; default when it sent none.</summary>
    public static ActivityContext CallerOf(ServerCallContext context) =>
        ActivityContext.TryParse(context.RequestHeaders.GetValue("traceparent"), null, isRemote: true, out ActivityContext caller) ? caller : default;

    /// <exception cref="RefusedException">This peer is no member yet, or no longer.</exception>
    public static PeerState MemberOf(PeerLoop loop) =>
        loop.State is { IsMember: true } state
            ? state
            : throw new RefusedException(Refusal.Unavailable, $"Peer {loop.State.Self} is no member of a ring: {loop.State.Phase.ToString().ToLowerInvariant()}. Try again, or another peer.");
}
