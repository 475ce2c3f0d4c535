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
            int at = peer.Ring.Peers.IndexOf(peer);
            PeerRef[] behind = [.. peer.Ring.Peers.Skip(at + 1).Concat(peer.Ring.Peers.Take(at)).Select(other => other.Self)];
            var reply = new Wire.DescribeReply
            {
                Self = WireMapping.ToWire(peer.Self),
                Parameters = WireMapping.ToWire(new ChordParameters(ScriptedRing.Bits, 2)),
                Phase = Wire.Phase.Member,
                SpansRing = behind.Length < 2,
            };
            WireMapping.AddTo(reply.Successors, [.. behind.Take(2)]);
            return reply;
        }
    }
}
