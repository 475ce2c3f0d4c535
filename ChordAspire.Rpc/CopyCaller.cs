using System.Collections.Immutable;
using ChordAspire.Protocol;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>Calls other peers about copies of objects. Its channels are its own, so that lookups never wait behind somebody's gigabytes.</summary>
public sealed class CopyCaller(PeerRef self, PeerChannels channels, TimeProvider time)
{
    /// <summary>What the peer has on these arcs.</summary>
    /// <param name="claim">The arc we own, when we ask as its owner.</param>
    public Task<CallResult<ArcsTold>> AskArcsAsync(
        PeerRef peer, Arc? claim, bool leaving, ImmutableArray<ArcQuestion> questions, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var request = new Wire.AskArcsRequest { To = WireMapping.ToWire(peer.Id), From = WireMapping.ToWire(self), Leaving = leaving };
        if (claim is { } arc)
            request.Claim = ObjectMapping.ToWire(arc);
        request.Questions.AddRange(questions.Select(ObjectMapping.ToWire));
        return CallAsync(
            peer, timeout, options => Client(peer).AskArcsAsync(request, options),
            static reply => new ArcsTold(ObjectMapping.AnswersFromWire(reply.Answers), ObjectMapping.OptionalArcFromWire(reply.Own, "own"), reply.Replicated),
            cancellationToken);
    }

    /// <summary>Tells the peer that what it owns and what we hold are no longer the same.</summary>
    public Task<CallResult<bool>> OfferAsync(PeerRef peer, TimeSpan timeout, CancellationToken cancellationToken) => CallAsync(
        peer, timeout, options => Client(peer).OfferAsync(new Wire.OfferRequest { To = WireMapping.ToWire(peer.Id), From = WireMapping.ToWire(self) }, options),
        static _ => true, cancellationToken);

    /// <summary>The version that the peer holds; null where it holds none.</summary>
    public Task<CallResult<HeldVersion?>> AskVersionAsync(PeerRef peer, Identifier objectId, TimeSpan timeout, CancellationToken cancellationToken) => CallAsync(
        peer, timeout,
        options => Client(peer).AskVersionAsync(new Wire.AskVersionRequest { To = WireMapping.ToWire(peer.Id), ObjectId = WireMapping.ToWire(objectId) }, options),
        static reply => reply.Version is null
            ? null
            : new HeldVersion(ObjectMapping.VersionFromWire(reply.Version, "version"), ObjectMapping.SizeFromWire(reply.Size, "size")),
        cancellationToken);

    /// <summary>Has the peer hold a small object or a tombstone; the version that it holds now, on disk.</summary>
    /// <param name="leaving">We are leaving the ring; refused by who leaves as well.</param>
    public Task<CallResult<ObjectVersion>> StoreCopyAsync(
        PeerRef peer, string key, ObjectVersion version, ReadOnlyMemory<byte> content, bool leaving, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var request = new Wire.StoreCopyRequest
        {
            To = WireMapping.ToWire(peer.Id),
            From = WireMapping.ToWire(self),
            Key = key,
            Version = ObjectMapping.ToWire(version),
            Content = UnsafeByteOperations.UnsafeWrap(content),
            Leaving = leaving,
        };
        return CallAsync(
            peer, timeout, options => Client(peer).StoreCopyAsync(request, options),
            static reply => ObjectMapping.VersionFromWire(reply.Held, "held"), cancellationToken);
    }

    /// <summary>Begins to give the peer a copy of an object of any size.</summary>
    /// <param name="leaving">We are leaving the ring; refused by who leaves as well.</param>
    public Task<CopyUpload> UploadAsync(PeerRef peer, string key, bool leaving, CancellationToken cancellationToken)
    {
        var header = new Wire.CopyHeader { To = WireMapping.ToWire(peer.Id), From = WireMapping.ToWire(self), Key = key, Leaving = leaving };
        return CopyUpload.BeginAsync(Client(peer).StreamCopy(Options(cancellationToken)), header);
    }

    /// <summary>Begins to read the copy that the peer holds.</summary>
    /// <param name="length">Bytes wanted; 0 for all that follow.</param>
    /// <param name="idle">The longest wait for the next chunk.</param>
    /// <exception cref="RefusedException">It refused, or is silent.</exception>
    public Task<ObjectDownload> FetchAsync(PeerRef peer, Identifier objectId, long offset, long length, TimeSpan idle, CancellationToken cancellationToken)
    {
        var request = new Wire.FetchCopyRequest { To = WireMapping.ToWire(peer.Id), ObjectId = WireMapping.ToWire(objectId), Offset = offset, Length = length };
        return ObjectDownload.OpenAsync(token => Client(peer).FetchCopy(request, Options(token)), idle, cancellationToken);
    }

    /// <summary>Stores a small object at its owner, as a client would.</summary>
    public Task<CallResult<StoredAt>> PutAsync(PeerRef owner, string key, ReadOnlyMemory<byte> content, TimeSpan timeout, CancellationToken cancellationToken) => CallAsync(
        owner, timeout,
        options => Objects(owner).PutAsync(new Wire.PutRequest { Key = key, Content = UnsafeByteOperations.UnsafeWrap(content) }, options),
        static reply => new StoredAt(ObjectMapping.VersionFromWire(reply.Version, "version"), (int)reply.Copies), cancellationToken);

    /// <summary>Begins to read an object at its owner, as a client would.</summary>
    /// <exception cref="RefusedException">It refused, or is silent.</exception>
    public Task<ObjectDownload> GetAsync(PeerRef owner, string key, TimeSpan idle, CancellationToken cancellationToken) =>
        ObjectDownload.OpenAsync(token => Objects(owner).Get(new Wire.GetObjectRequest { Key = key }, Options(token)), idle, cancellationToken);

    private static CallOptions Options(CancellationToken cancellationToken) => new(PeerCalls.TraceContext(), cancellationToken: cancellationToken);

    private Wire.CopyService.CopyServiceClient Client(PeerRef peer) => new(channels.To(peer.Address));

    private Wire.ObjectService.ObjectServiceClient Objects(PeerRef peer) => new(channels.To(peer.Address));

    private Task<CallResult<TResult>> CallAsync<TReply, TResult>(
        PeerRef peer, TimeSpan timeout, Func<CallOptions, AsyncUnaryCall<TReply>> call, Func<TReply, TResult> read, CancellationToken cancellationToken) =>
        PeerCalls.CallAsync(peer.Address, timeout, time, call, read, count: null, cancellationToken);
}

/// <summary>What a peer has on arcs that it was asked about.</summary>
/// <param name="Own">The arc that it owns; null when it knows none.</param>
/// <param name="Replicated">All its replicas agree with it.</param>
public sealed record ArcsTold(ImmutableArray<ArcAnswer> Answers, Arc? Own, bool Replicated);

/// <summary>A version that a peer holds.</summary>
/// <param name="Size">Bytes of content.</param>
public sealed record HeldVersion(ObjectVersion Version, long Size);

/// <summary>A write that was acknowledged.</summary>
/// <param name="Copies">Peers that have it on disk, the owner among them.</param>
public readonly record struct StoredAt(ObjectVersion Version, int Copies);
