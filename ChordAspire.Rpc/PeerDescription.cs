using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>What a peer tells an observer of itself.</summary>
/// <param name="RingReady">The ring has had more than r peers: its guarantees hold.</param>
/// <param name="ProcessId">Of the peer's process, on its own machine.</param>
public sealed record PeerDescription(
    PeerView View,
    ChordParameters Parameters,
    bool RingReady,
    ImmutableArray<FingerRun> Fingers,
    long ValuesHeld,
    long BytesHeld,
    int ProcessId)
{
    public static PeerDescription FromWire(Wire.DescribeReply reply)
    {
        var parameters = new ChordParameters(WireMapping.BitsFromWire(reply.Parameters?.Bits ?? 0), (int)(reply.Parameters?.SuccessorListLength ?? 0));
        int bits = parameters.Bits;
        var successors = new SuccessorList(WireMapping.PeersFromWire(reply.Successors, bits, RingLimits.MaxSuccessors, "successors"), reply.SpansRing);
        var view = new PeerView(
            WireMapping.PeerFromWire(reply.Self, bits, "self"),
            (MemberPhase)reply.Phase,
            WireMapping.OptionalPeerFromWire(reply.Predecessor, bits, "predecessor"),
            successors);
        return new PeerDescription(
            view,
            parameters,
            reply.RingReady,
            [.. reply.Fingers.Select(run => new FingerRun((int)run.First, (int)run.Last, WireMapping.PeerFromWire(run.Peer, bits, "fingers")))],
            reply.ValuesHeld,
            reply.BytesHeld,
            reply.ProcessId);
    }

    public static Wire.DescribeReply ToWire(PeerState state, long valuesHeld, long bytesHeld)
    {
        var reply = new Wire.DescribeReply
        {
            Self = WireMapping.ToWire(state.Self),
            Parameters = WireMapping.ToWire(state.Parameters),
            Phase = WireMapping.ToWire(state.Phase),
            RingReady = state.RingReady,
            SpansRing = state.Successors.SpansRing,
            ValuesHeld = valuesHeld,
            BytesHeld = bytesHeld,
            ProcessId = Environment.ProcessId,
        };
        if (state.Predecessor is { } predecessor)
            reply.Predecessor = WireMapping.ToWire(predecessor);
        WireMapping.AddTo(reply.Successors, state.Successors.Peers);
        foreach (FingerRun run in state.Fingers.Runs)
            reply.Fingers.Add(new Wire.FingerRun { First = (uint)run.First, Last = (uint)run.Last, Peer = WireMapping.ToWire(run.Peer) });
        return reply;
    }
}
