using System.Security.Cryptography;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;
using WireVersion = ChordAspire.Rpc.Wire.Version;

namespace ChordAspire.Tests.Rpc;

/// <summary>Parts of uploads and copies, to be sent in whatever order a test likes.</summary>
internal static class UploadParts
{
    public static ByteString Bytes(int count) => ByteString.CopyFrom(new byte[count]);

    public static ByteString HashOf(ByteString content) => ByteString.CopyFrom(SHA256.HashData(content.Span));

    public static WireVersion VersionOf(ByteString content, long stamp = 1) => new() { Stamp = stamp, Hash = HashOf(content) };

    public static PutPart PutHeader(string key, long size = 0) => new() { Header = new PutHeader { Key = key, Size = size } };

    public static PutPart PutChunk(int count) => new() { Chunk = Bytes(count) };

    /// <summary>The right end of so many zeros, unless another size is named.</summary>
    public static PutPart PutEnd(int count, long? size = null) => new() { End = new PutEnd { Hash = HashOf(Bytes(count)), Size = size ?? count } };

    public static CopyPart CopyChunk(int count) => new() { Chunk = Bytes(count) };

    /// <summary>The right commit of so many zeros, unless another size is named.</summary>
    public static CopyPart CopyCommit(int count, long? size = null) => new() { Commit = new CopyCommit { Version = VersionOf(Bytes(count)), Size = size ?? count } };

    /// <summary>Sends all parts, or as many as are taken, and waits for the answer.</summary>
    public static async Task SendAsync<TPart, TReply>(AsyncClientStreamingCall<TPart, TReply> call, params TPart[] parts)
    {
        using (call)
        {
            try
            {
                foreach (TPart part in parts)
                    await call.RequestStream.WriteAsync(part);
                await call.RequestStream.CompleteAsync();
            }
            catch (Exception over) when (over is RpcException or InvalidOperationException)
            {
                // It was refused before all was sent; the answer says why.
            }
            await call.ResponseAsync;
        }
    }

    /// <summary>Reads an answer to its end.</summary>
    public static async Task ReadAsync<TPart>(AsyncServerStreamingCall<TPart> call)
    {
        using (call)
        {
            await foreach (TPart _ in call.ResponseStream.ReadAllAsync())
            {
                // What comes does not matter.
            }
        }
    }

    /// <summary>Keys that none may have.</summary>
    public static IEnumerable<(string Name, string Key)> BadKeys()
    {
        yield return ("an empty key", "");
        yield return ("a key of 1025 bytes", new string('k', RingLimits.MaxKeyBytes + 1));
        yield return ("a key of 342 characters in 1026 bytes", new string('€', 342));
        yield return ("a key with a line break", "one\ntwo");
        yield return ("a key with a zero", "nul\0");
        yield return ("a key with a delete", "del\u007f");
    }
}
