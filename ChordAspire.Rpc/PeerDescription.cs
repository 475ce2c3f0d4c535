using System.Collections.Immutable;
using ChordAspire.Protocol;
using Google.Protobuf.Collections;

namespace ChordAspire.Rpc;

/// <summary>What a peer tells an observer of itself.</summary>
/// <param name="RingReady">The ring has had more than r peers: its guarantees hold.</param>
/// <param name="ObjectsHeld">Copies on its disk, tombstones not among them.</param>
/// <param name="BytesHeld">Of their content.</param>
/// <param name="ObjectsOwned">Of the copies, those on its own arc, tombstones among them.</param>
/// <param name="Replicated">All that it owns is known to be at all its replicas.</param>
/// <param name="ProcessId">Of the peer's process, on its own machine.</param>
public sealed record PeerDescription(
    PeerView View,
    ChordParameters Parameters,
    bool RingReady,
    ImmutableArray<FingerRun> Fingers,
    long ObjectsHeld,
    long BytesHeld,
    long ObjectsOwned,
    bool Replicated,
    int ProcessId)
{
    /// <exception cref="RefusedException">Something in it is malformed or over its bound.</exception>
    public static PeerDescription FromWire(Wire.DescribeReply reply)
    {
        var parameters = new ChordParameters(WireMapping.BitsFromWire(reply.Parameters?.Bits ?? 0), (int)(reply.Parameters?.SuccessorListLength ?? 0));
        int bits = parameters.Bits;
        var successors = new SuccessorList(WireMapping.PeersFromWire(reply.Successors, bits, RingLimits.MaxSuccessors, "successors"), reply.SpansRing);
        var view = new PeerView(
            WireMapping.PeerFromWire(reply.Self, bits, "self"),
            WireMapping.PhaseFromWire(reply.Phase),
            WireMapping.OptionalPeerFromWire(reply.Predecessor, bits, "predecessor"),
            successors);
        return new PeerDescription(
            view,
            parameters,
            reply.RingReady,
            FingersFromWire(reply.Fingers, bits),
            reply.ObjectsHeld,
            reply.BytesHeld,
            reply.ObjectsOwned,
            reply.Replicated,
            reply.ProcessId);
    }

    public static Wire.DescribeReply ToWire(PeerState state, HeldObjects held)
    {
        var reply = new Wire.DescribeReply
        {
            Self = WireMapping.ToWire(state.Self),
            Parameters = WireMapping.ToWire(state.Parameters),
            Phase = WireMapping.ToWire(state.Phase),
            RingReady = state.RingReady,
            SpansRing = state.Successors.SpansRing,
            ObjectsHeld = held.Objects,
            BytesHeld = held.Bytes,
            ObjectsOwned = held.Owned,
            Replicated = held.Replicated,
            ProcessId = Environment.ProcessId,
        };
        if (state.Predecessor is { } predecessor)
            reply.Predecessor = WireMapping.ToWire(predecessor);
        WireMapping.AddTo(reply.Successors, state.Successors.Peers);
        foreach (FingerRun run in state.Fingers.Runs)
            reply.Fingers.Add(new Wire.FingerRun { First = (uint)run.First, Last = (uint)run.Last, Peer = WireMapping.ToWire(run.Peer) });
        return reply;
    }

    private static ImmutableArray<FingerRun> FingersFromWire(RepeatedField<Wire.FingerRun> runs, int bits)
    {
        var fingers = ImmutableArray.CreateBuilder<FingerRun>();
        uint next = 0;
        foreach (Wire.FingerRun run in runs)
        {
            // So there are no more of them than fingers.
            if (run.First < next || run.Last < run.First || run.Last >= (uint)bits)
            {
                throw new RefusedException(
                    Refusal.InvalidRequest, $"Field 'fingers' has the run {run.First} to {run.Last}; runs are of fingers 0 to {bits - 1}, in ascending order and without overlap.");
            }
            fingers.Add(new FingerRun((int)run.First, (int)run.Last, WireMapping.PeerFromWire(run.Peer, bits, "fingers")));
            next = run.Last + 1;
        }
        return fingers.ToImmutable();
    }
}
