using System.Security.Cryptography;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;
using WireVersion = ChordAspire.Rpc.Wire.Version;

namespace ChordAspire.Tests.Peer;

/// <summary>Objects of any size at their owner, in the plain words of the protocol.</summary>
internal static class ObjectCalls
{
    public static ObjectService.ObjectServiceClient Objects(this PeerProcess peer) => new(peer.Invoker);

    /// <summary>Bytes that are not those of another seed.</summary>
    public static byte[] Content(int seed, int size)
    {
        byte[] content = new byte[size];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <summary>Sends an object in chunks, with its end.</summary>
    /// <param name="middle">What happens when half of it has been sent.</param>
    public static async Task<PutReply> PutStreamAsync(
        this PeerProcess owner, string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken, Func<Task>? middle = null)
    {
        using AsyncClientStreamingCall<PutPart, PutReply> call = owner.Objects().PutStream(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new PutPart { Header = new PutHeader { Key = key, Size = content.Length } }, cancellationToken);
        for (int sent = 0; sent < content.Length; sent += RingLimits.ChunkBytes)
        {
            if (middle is not null && sent >= content.Length / 2)
            {
                await middle();
                middle = null;
            }
            ReadOnlyMemory<byte> chunk = content.Slice(sent, Math.Min(RingLimits.ChunkBytes, content.Length - sent));
            await call.RequestStream.WriteAsync(new PutPart { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, cancellationToken);
        }
        var end = new PutEnd { Hash = ByteString.CopyFrom(SHA256.HashData(content.Span)), Size = content.Length };
        await call.RequestStream.WriteAsync(new PutPart { End = end }, cancellationToken);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    /// <summary>An object or a range of it; null when there is none.</summary>
    public static async Task<byte[]?> GetAsync(this PeerProcess owner, string key, CancellationToken cancellationToken, long offset = 0, long length = 0)
    {
        using AsyncServerStreamingCall<ObjectPart> call = owner.Objects().Get(
            new GetObjectRequest { Key = key, Offset = offset, Length = length }, cancellationToken: cancellationToken);
        using var content = new MemoryStream();
        WireVersion? version = null;
        bool first = true;
        await foreach (ObjectPart part in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            Assert.Equal(first, part.Header is not null);
            version ??= part.Header?.Version;
            first = false;
            content.Write(part.Chunk.Span);
        }
        Assert.False(first, "The answer had not even a header.");
        return version is null ? null : content.ToArray();
    }

    /// <summary>The same, tried again while peers say that they are not ready for it, as clients are told to.</summary>
    public static async Task<byte[]?> GetPatientlyAsync(this SmallRing ring, string key, CancellationToken cancellationToken)
    {
        byte[]? content = null;
        string reason = "";
        await Patience.UntilAsync($"'{key}' can be read", async () =>
        {
            try
            {
                content = await (await ring.OwnerOfAsync(key, cancellationToken)).GetAsync(key, cancellationToken);
                return true;
            }
            catch (RpcException again) when (again.StatusCode is StatusCode.Unavailable or StatusCode.FailedPrecondition)
            {
                reason = $"{again.Status}";
                return false;
            }
        }, () => reason + ring.Outputs, cancellationToken);
        return content;
    }

    /// <summary>Who owns the key, as the first running peer finds out.</summary>
    public static async Task<PeerProcess> OwnerOfAsync(this SmallRing ring, string key, CancellationToken cancellationToken)
    {
        PeerRef owner = (await ring.Peers.First(peer => !peer.HasExited).Client.LookupAsync(key, cancellationToken)).Owner;
        return ring.Peers.Single(peer => peer.Address == owner.Address);
    }

    /// <summary>The owner of a key and its replicas, nearest first.</summary>
    public static async Task<PeerProcess[]> HoldersOfAsync(this SmallRing ring, string key, CancellationToken cancellationToken)
    {
        PeerProcess owner = await ring.OwnerOfAsync(key, cancellationToken);
        StatReply told = await owner.Objects().StatAsync(new StatRequest { Key = key }, cancellationToken: cancellationToken);
        return [owner, .. told.Replicas.Select(replica => ring.Peers.Single(peer => peer.Address == replica.Address))];
    }
}
