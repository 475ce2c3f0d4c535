using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>What an observer asks a peer that speaks the seed's contract alone: a call at a time, for it has few threads, and each with a deadline.</summary>
internal sealed class SeedQuestions(CallInvoker invoker, int bits, TimeSpan patience, CancellationToken cancellation)
{
    private readonly Seed.ChordService.ChordServiceClient _seed = new(invoker);

    /// <exception cref="RpcException">It does not answer.</exception>
    /// <exception cref="RefusedException">It answers what no peer of this ring would.</exception>
    public async Task<PeerReading> ReadAsync(PeerRef self)
    {
        PeerRef? predecessor = FromWire(await _seed.GetPredecessorAsync(new Seed.Empty(), Options).ConfigureAwait(false));
        // Asked for its own identifier it names its successor too, but other implementations of the contract would name themselves.
        int behind = (int)self.Id.FingerStart(0).ToUInt64();
        PeerRef? successor = FromWire(await _seed.FindSuccessorAsync(new Seed.FindSuccessorRequest { Id = behind }, Options).ConfigureAwait(false));
        return new PeerReading(
            self, PeerKind.Seed, MemberPhase.Member, predecessor == self ? null : predecessor, successor is null || successor == self ? [] : [successor], Description: null, Silence: null);
    }

    /// <summary>Its finger table, entry 0 first; null where it names nobody.</summary>
    /// <exception cref="RpcException">It does not answer.</exception>
    /// <exception cref="RefusedException">It answers what no peer of this ring would.</exception>
    public async Task<IReadOnlyList<PeerRef?>> ReadFingersAsync()
    {
        Seed.FingerTableResponse reply = await _seed.GetFingerTableAsync(new Seed.Empty(), Options).ConfigureAwait(false);
        return reply.Entries.Count <= SeedMapping.MaxBits
            ? [.. reply.Entries.Select(entry => FromWire(entry))]
            : throw new RefusedException(Refusal.InvalidRequest, $"The finger table has {reply.Entries.Count} entries; at most {SeedMapping.MaxBits} are allowed.");
    }

    private CallOptions Options => new(deadline: (TimeProvider.System.GetUtcNow() + patience).UtcDateTime, cancellationToken: cancellation);

    private PeerRef? FromWire(Seed.NodeInfo node) => SeedMapping.IsNobody(node) ? null : SeedMapping.PeerFromWire(node, bits);
}
