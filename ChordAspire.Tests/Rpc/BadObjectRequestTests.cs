using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using ChordAspire.Tests.Peer;
using Google.Protobuf;
using Grpc.Core;
using static ChordAspire.Tests.Rpc.UploadParts;
using Client = ChordAspire.Rpc.Wire.ObjectService.ObjectServiceClient;
using WireVersion = ChordAspire.Rpc.Wire.Version;

namespace ChordAspire.Tests.Rpc;

/// <summary>What a client may not ask of the owner of a key: each is refused by name, and leaves nothing, neither in the index nor on disk, here or at replicas.</summary>
[Collection(SharedWideRing.Name)]
public sealed class BadObjectRequestTests(WideRing wide)
{
    private const StatusCode Invalid = StatusCode.InvalidArgument;
    private const int Asked = 2;

    /// <summary>Owned by the peer that is asked.</summary>
    private static readonly string Key = KeyAt("4567");

    /// <summary>Owned by the peer before it.</summary>
    private static readonly string Elsewhere = KeyAt("123");

    private static readonly ByteString Three = Bytes(3);
    private static readonly WireVersion Never = VersionOf(Three);
    private static readonly Dictionary<string, BadRequest> Requests =
        Keys().Concat(Puts()).Concat(Streams()).Concat(Gets()).Concat(Lists()).ToDictionary(request => request.Name);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_request_for_an_object_is_refused_and_leaves_nothing(string what)
    {
        BadRequest bad = Requests[what];
        Client client = wide.Ring[Asked].Objects();
        await Refusals.AssertAsync(wide.Ring, bad.Status, bad.Reason, options => bad.Send(client, options), Cancellation);
        await StoredFiles.WaitUntilNothingUnderWayAsync(wide.Ring.Peers, Cancellation);
    }

    [Fact]
    public async Task An_upload_that_was_refused_gives_its_place_back()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("Storage__MaxIncoming", "1"));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        foreach (BadRequest bad in Streams())
        {
            await Assert.ThrowsAsync<RpcException>(() => bad.Send(peer.Objects(), new CallOptions(cancellationToken: Cancellation)));
            Assert.True((await peer.PutStreamAsync("good", new byte[1000], Cancellation)).Copies == 1, bad.Name);
        }
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(0, 4)]
    [InlineData(2, 2)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, long.MaxValue)]
    public async Task A_range_outside_of_an_object_is_refused(long offset, long length)
    {
        string key = KeyAt("4567", "range");
        await wide.Ring[0].Client.PutAsync(key, Three.Memory, Cancellation);
        var request = new GetObjectRequest { Key = key, Offset = offset, Length = length };
        await Refusals.AssertAsync(wide.Ring, Invalid, Refusal.InvalidRequest, options => ReadAsync(wide.Ring[Asked].Objects().Get(request, options)), Cancellation);
    }

    [Fact]
    public async Task Another_version_than_the_one_asked_for_is_refused()
    {
        string key = KeyAt("4567", "version");
        Client client = wide.Ring[Asked].Objects();
        PutReply first = await client.PutAsync(new PutRequest { Key = key, Content = Three }, cancellationToken: Cancellation);
        var request = new GetObjectRequest { Key = key, Only = first.Version };
        await ReadAsync(client.Get(request, cancellationToken: Cancellation));
        await client.PutAsync(new PutRequest { Key = key, Content = Bytes(4) }, cancellationToken: Cancellation);
        await Refusals.AssertAsync(wide.Ring, StatusCode.Aborted, Refusal.Changed, options => ReadAsync(client.Get(request, options)), Cancellation);
    }

    private static IEnumerable<BadRequest> Keys()
    {
        foreach ((string name, string key) in BadKeys())
        {
            yield return Bad($"put under {name}", (client, options) => client.PutAsync(new() { Key = key, Content = Three }, options).ResponseAsync);
            yield return Bad($"upload under {name}", (client, options) => SendAsync(client.PutStream(options), PutHeader(key), PutChunk(3), PutEnd(3)));
            yield return Bad($"get of {name}", (client, options) => ReadAsync(client.Get(new() { Key = key }, options)));
            yield return Bad($"delete of {name}", (client, options) => client.DeleteAsync(new() { Key = key }, options).ResponseAsync);
            yield return Bad($"stat of {name}", (client, options) => client.StatAsync(new() { Key = key }, options).ResponseAsync);
        }
        yield return NotOwned("put", (client, options) => client.PutAsync(new() { Key = Elsewhere, Content = Three }, options).ResponseAsync);
        yield return NotOwned("upload", (client, options) => SendAsync(client.PutStream(options), PutHeader(Elsewhere), PutChunk(3), PutEnd(3)));
        yield return NotOwned("get", (client, options) => ReadAsync(client.Get(new() { Key = Elsewhere }, options)));
        yield return NotOwned("delete", (client, options) => client.DeleteAsync(new() { Key = Elsewhere }, options).ResponseAsync);
        yield return NotOwned("stat", (client, options) => client.StatAsync(new() { Key = Elsewhere }, options).ResponseAsync);

        static BadRequest NotOwned(string what, Func<Client, CallOptions, Task> send) => new($"{what} at another peer than the owner", StatusCode.FailedPrecondition, Refusal.NotOwner, send);
    }

    private static IEnumerable<BadRequest> Puts()
    {
        yield return Bad("put of more than a mebibyte", static (client, options) =>
            client.PutAsync(new() { Key = Key, Content = Bytes(RingLimits.MaxValueBytes + 1) }, options).ResponseAsync);
        yield return Bad("put with a short hash", static (client, options) => client.PutAsync(new() { Key = Key, Content = Three, Hash = Bytes(31) }, options).ResponseAsync);
        yield return new("put with another's hash", StatusCode.DataLoss, Refusal.Corrupted, static (client, options) =>
            client.PutAsync(new() { Key = Key, Content = Three, Hash = HashOf(Bytes(4)) }, options).ResponseAsync);
        yield return new("put over the size of a message", StatusCode.ResourceExhausted, null, static (client, options) =>
            client.PutAsync(new() { Key = Key, Content = Bytes(5 << 20) }, options).ResponseAsync);
    }

    private static IEnumerable<BadRequest> Streams()
    {
        const int Chunk = RingLimits.MaxChunkBytes;
        yield return Streamed("of nothing");
        yield return Streamed("without header", PutChunk(3), PutEnd(3));
        yield return Streamed("of an end alone", PutEnd(0));
        yield return Streamed("that begins with an empty part", new PutPart(), PutHeader(Key), PutEnd(0));
        yield return Streamed("with two headers", PutHeader(Key), PutChunk(3), PutHeader(Key), PutEnd(3));
        yield return Streamed("with an empty part", PutHeader(Key), PutChunk(3), new PutPart(), PutEnd(3));
        yield return Streamed("with a chunk of more than 256 KiB", PutHeader(Key), PutChunk(Chunk + 1), PutEnd(Chunk + 1));
        yield return Streamed("without end", PutHeader(Key), PutChunk(300), PutChunk(Chunk), PutChunk(Chunk));
        yield return Streamed("of a header alone", PutHeader(Key));
        yield return Streamed("that ends twice", PutHeader(Key), PutChunk(3), PutEnd(3), PutEnd(3));
        yield return Streamed("with a chunk after the end", PutHeader(Key), PutChunk(3), PutEnd(3), PutChunk(1));
        yield return Streamed("that announces a negative size", PutHeader(Key, size: -1), PutChunk(3), PutEnd(3));
        yield return Streamed("that ends with a negative size", PutHeader(Key), PutChunk(3), PutEnd(3, size: -3));
        yield return Streamed("with a short hash", PutHeader(Key), PutChunk(3), new PutPart { End = new PutEnd { Hash = Bytes(31), Size = 3 } });
        yield return Streamed("without hash", PutHeader(Key), PutChunk(3), new PutPart { End = new PutEnd { Size = 3 } });
        yield return Lying("of more than announced", PutHeader(Key, size: 2), PutChunk(3), PutEnd(3));
        yield return Lying("of less than announced", PutHeader(Key, size: 4), PutChunk(3), PutEnd(3));
        yield return Lying("that ends with a larger size", PutHeader(Key), PutChunk(Chunk), PutEnd(Chunk, size: Chunk + 1));
        yield return Lying("that ends with a smaller size", PutHeader(Key), PutChunk(Chunk), PutEnd(Chunk, size: Chunk - 1));
        yield return Lying("with another's hash", PutHeader(Key), PutChunk(Chunk), PutChunk(3), PutEnd(3, size: Chunk + 3));
        yield return TooLarge("more than any disk has", PutHeader(Key, size: 1L << 60), PutChunk(3), PutEnd(3));
        yield return TooLarge("the largest size that a number can be", PutHeader(Key, size: long.MaxValue), PutChunk(3), PutEnd(3));
        yield return new("upload of a chunk over the size of a message", StatusCode.ResourceExhausted, null, static (client, options) =>
            SendAsync(client.PutStream(options), PutHeader(Key), PutChunk(2 << 20), PutEnd(2 << 20)));

        static BadRequest Streamed(string name, params PutPart[] parts) => Bad($"upload {name}", (client, options) => SendAsync(client.PutStream(options), parts));
        static BadRequest Lying(string name, params PutPart[] parts) =>
            new($"upload {name}", StatusCode.DataLoss, Refusal.Corrupted, (client, options) => SendAsync(client.PutStream(options), parts));
        static BadRequest TooLarge(string name, params PutPart[] parts) =>
            new($"upload that announces {name}", StatusCode.ResourceExhausted, Refusal.Exhausted, (client, options) => SendAsync(client.PutStream(options), parts));
    }

    private static IEnumerable<BadRequest> Gets()
    {
        yield return Bad("get from a negative offset", static (client, options) => ReadAsync(client.Get(new() { Key = Key, Offset = -1 }, options)));
        yield return Bad("get of a negative length", static (client, options) => ReadAsync(client.Get(new() { Key = Key, Length = -1 }, options)));
        yield return Bad("get of a version without hash", static (client, options) =>
            ReadAsync(client.Get(new() { Key = Key, Only = new WireVersion { Stamp = 1 } }, options)));
        yield return Bad("get of a version of a negative stamp", static (client, options) =>
            ReadAsync(client.Get(new() { Key = Key, Only = VersionOf(Three, stamp: -1) }, options)));
        yield return new("get of a version that never was", StatusCode.Aborted, Refusal.Changed, static (client, options) =>
            ReadAsync(client.Get(new() { Key = Key, Only = Never }, options)));
    }

    private static IEnumerable<BadRequest> Lists()
    {
        yield return Listed("without an arc", static request => (request.ArcFrom, request.ArcTo) = (ByteString.Empty, ByteString.Empty));
        yield return Listed("of an arc with a short beginning", static request => request.ArcFrom = Bytes(19));
        yield return Listed("of an arc with a long end", static request => request.ArcTo = Bytes(21));
        foreach ((string name, string key) in BadKeys().Where(bad => bad.Key.Length > 0))
        {
            yield return Listed($"of all that begin with {name}", request => request.Prefix = key);
            yield return Listed($"of all after {name}", request => request.After = key);
        }

        static BadRequest Listed(string name, Action<ListRequest> spoil) => Bad($"listing {name}", (client, options) =>
        {
            var request = new ListRequest { ArcFrom = Bytes(20), ArcTo = Bytes(20) };
            spoil(request);
            return ReadAsync(client.List(request, options));
        });
    }

    /// <summary>A key whose place begins with one of these digits.</summary>
    private static string KeyAt(string digits, string name = "key") =>
        Enumerable.Range(0, int.MaxValue).Select(i => $"{name} {i}").First(key => digits.Contains($"{IdentifierCircle.PlaceOf(key, 160)}"[0], StringComparison.Ordinal));

    private static BadRequest Bad(string name, Func<Client, CallOptions, Task> send) => new(name, Invalid, Refusal.InvalidRequest, send);

    private sealed record BadRequest(string Name, StatusCode Status, Refusal? Reason, Func<Client, CallOptions, Task> Send);
}
