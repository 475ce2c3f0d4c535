using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Peer;

/// <summary>What every client request needs from its call.</summary>
internal static class RequestContext
{
    /// <summary>The caller's span; default when it sent none.</summary>
    public static ActivityContext CallerOf(ServerCallContext context) =>
        ActivityContext.TryParse(context.RequestHeaders.GetValue("traceparent"), null, isRemote: true, out ActivityContext caller) ? caller : default;

    /// <summary>Our state, when another peer's request is for us and we are a member.</summary>
    /// <exception cref="RefusedException">It is for somebody else, or we are none.</exception>
    public static PeerState MemberFor(PeerLoop loop, ByteString to)
    {
        PeerState state = loop.State;
        Identifier asked = WireMapping.IdFromWire(to, state.Self.Id.Bits, "to");
        if (asked != state.Self.Id)
            throw new RefusedException(Refusal.NotMember, $"The request is for {asked}, but here is {state.Self}.");
        return state.IsMember ? state : throw NoMember(state);
    }

    public static RefusedException NoMember(PeerState state) =>
        new(Refusal.NotMember, $"Peer {state.Self} is no member of a ring: {state.Phase.ToString().ToLowerInvariant()}.");

    /// <exception cref="RefusedException">This peer is no member yet, or no longer.</exception>
    public static PeerState MemberOf(PeerLoop loop) =>
        loop.State is { IsMember: true } state
            ? state
            : throw new RefusedException(Refusal.Unavailable, $"Peer {loop.State.Self} is no member of a ring: {loop.State.Phase.ToString().ToLowerInvariant()}. Try again, or another peer.");
}
