using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Grpc.Core;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Rpc;

/// <summary>What it says of the ring.</summary>
internal sealed partial class ScriptedObjects
{
    private sealed class RingCalls(Func<ScriptedObjects> self) : Wire.RingService.RingServiceBase
    {
        public override async Task<Wire.LookupReply> Lookup(Wire.LookupRequest request, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("Lookup", context);
            Interlocked.Increment(ref peer.Ring.Lookups);
            if (peer.Looking is { } looking)
                return looking(request);
            ScriptedObjects owner = peer.Ring.WrongOwners.TryDequeue(out ScriptedObjects? wrong) ? wrong : peer.Ring.OwnerOf(request.Key);
            return new Wire.LookupReply
            {
                Id = WireMapping.ToWire(IdentifierCircle.PlaceOf(request.Key, ScriptedRing.Bits)),
                Owner = WireMapping.ToWire(owner.Self),
                Bits = ScriptedRing.Bits,
            };
        }

        public override async Task<Wire.DescribeReply> Describe(Wire.DescribeRequest request, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("Describe", context);
            PeerRef[] members = [.. peer.Ring.Peers.Select(other => other.Self).Concat(peer.Ring.Others).OrderBy(member => member.Id)];
            int at = Array.IndexOf(members, peer.Self);
            PeerRef[] behind = [.. members[(at + 1)..], .. members[..at]];
            var reply = new Wire.DescribeReply
            {
                Self = WireMapping.ToWire(peer.Self),
                Parameters = WireMapping.ToWire(new ChordParameters(ScriptedRing.Bits, 2)),
                Phase = Wire.Phase.Member,
                SpansRing = behind.Length < 2,
                RingReady = behind.Length > 2,
                ObjectsHeld = peer.Ring.Objects.Count,
                BytesHeld = peer.Ring.Objects.Values.Sum(stored => stored.Content.Length),
                Replicated = true,
                ProcessId = 4711,
            };
            WireMapping.AddTo(reply.Successors, [.. behind.Take(2)]);
            if (behind.Length > 0)
                reply.Predecessor = WireMapping.ToWire(behind[^1]);
            peer.Describing(reply);
            return reply;
        }

        public override async Task<Wire.LeaveReply> Leave(Wire.LeaveRequest request, ServerCallContext context)
        {
            ScriptedObjects peer = self();
            await peer.BeginAsync("Leave", context);
            Assert.Equal(WireMapping.ToWire(peer.Self.Id), request.To);
            peer.IsDead = !peer.IsUndying;
            return new Wire.LeaveReply();
        }
    }
}
