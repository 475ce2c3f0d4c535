using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using ChordAspire.Tests.Peer;
using Google.Protobuf;
using Grpc.Core;
using static ChordAspire.Tests.Rpc.UploadParts;
using Client = ChordAspire.Rpc.Wire.CopyService.CopyServiceClient;
using ObjectPlace = ChordAspire.Protocol.ObjectPlace;
using WirePeer = ChordAspire.Rpc.Wire.Peer;

namespace ChordAspire.Tests.Rpc;

/// <summary>Copies that no peer would make: each is refused by name, and leaves nothing, neither in the index nor on disk.</summary>
[Collection(SharedWideRing.Name)]
public sealed class BadCopyRequestTests(WideRing wide)
{
    private const StatusCode Invalid = StatusCode.InvalidArgument;
    private const string Key = "no copy of this";

    private static readonly ByteString Other = ByteString.CopyFrom(Enumerable.Repeat((byte)7, 20).ToArray());
    private static readonly ByteString Three = Bytes(3);
    private static readonly WirePeer Someone = new() { Id = Other, Address = "127.0.0.1:1" };
    private static readonly Dictionary<string, BadRequest> Requests =
        Addresses().Concat(Senders()).Concat(Questions()).Concat(Copies()).Concat(Streams()).Concat(Fetches()).ToDictionary(request => request.Name);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_copy_is_refused_and_leaves_nothing(string what)
    {
        BadRequest bad = Requests[what];
        PeerProcess peer = wide.Ring[1];
        ByteString to = WireMapping.ToWire((await peer.DescribeAsync(Cancellation)).View.Self.Id);
        await Refusals.AssertAsync(wide.Ring, bad.Status, bad.Reason, options => bad.Send(new Client(peer.Invoker), to, options), Cancellation);
        await StoredFiles.WaitUntilNothingUnderWayAsync(wide.Ring.Peers, Cancellation);
    }

    [Fact]
    public async Task A_copy_that_was_refused_gives_its_place_back()
    {
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("Storage__MaxIncoming", "1"));
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        ByteString to = WireMapping.ToWire((await peer.DescribeAsync(Cancellation)).View.Self.Id);
        var client = new Client(peer.Invoker);
        int stamp = 1;
        foreach (BadRequest bad in Copies().Concat(Streams()))
        {
            await Assert.ThrowsAsync<RpcException>(() => bad.Send(client, to, new CallOptions(cancellationToken: Cancellation)));
            var good = new CopyPart { Commit = new CopyCommit { Version = VersionOf(Three, ++stamp), Size = 3 } };
            await SendAsync(client.StreamCopy(cancellationToken: Cancellation), Header(to, "good"), CopyChunk(3), good);
        }
        Assert.Equal(1, (await peer.DescribeAsync(Cancellation)).ObjectsHeld);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(0, 4)]
    [InlineData(2, 2)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, long.MaxValue)]
    public async Task A_range_outside_of_a_copy_is_refused(long offset, long length)
    {
        await wide.Ring[0].Client.PutAsync("three bytes", Three.Memory, Cancellation);
        PeerProcess holder = (await wide.Ring.HoldersOfAsync("three bytes", Cancellation))[1];
        var request = new FetchCopyRequest
        {
            To = WireMapping.ToWire((await holder.DescribeAsync(Cancellation)).View.Self.Id),
            ObjectId = WireMapping.ToWire(ObjectPlace.IdOf("three bytes", ObjectPlace.Bits)),
            Offset = offset,
            Length = length,
        };
        await Refusals.AssertAsync(wide.Ring, Invalid, Refusal.InvalidRequest, options => ReadAsync(new Client(holder.Invoker).FetchCopy(request, options)), Cancellation);
    }

    private static IEnumerable<BadRequest> Addresses()
    {
        foreach ((string name, ByteString to, StatusCode status, Refusal reason) in new[]
        {
            ("nobody", ByteString.Empty, Invalid, Refusal.InvalidRequest),
            ("too few bytes", Bytes(19), Invalid, Refusal.InvalidRequest),
            ("too many bytes", Bytes(21), Invalid, Refusal.InvalidRequest),
            ("another identifier", Other, StatusCode.FailedPrecondition, Refusal.NotMember),
        })
        {
            yield return new($"arcs asked of {name}", status, reason, (client, _, options) => client.AskArcsAsync(new() { To = to, From = Someone }, options).ResponseAsync);
            yield return new($"offer to {name}", status, reason, (client, _, options) => client.OfferAsync(new() { To = to, From = Someone }, options).ResponseAsync);
            yield return new($"version asked of {name}", status, reason, (client, _, options) =>
                client.AskVersionAsync(new() { To = to, ObjectId = Other }, options).ResponseAsync);
            yield return new($"copy for {name}", status, reason, (client, _, options) =>
                client.StoreCopyAsync(new() { To = to, From = Someone, Key = Key, Version = VersionOf(Three), Content = Three }, options).ResponseAsync);
            yield return new($"streamed copy for {name}", status, reason, (client, _, options) =>
                SendAsync(client.StreamCopy(options), Header(to), CopyChunk(3), CopyCommit(3)));
            yield return new($"copy fetched from {name}", status, reason, (client, _, options) => ReadAsync(client.FetchCopy(new() { To = to, ObjectId = Other }, options)));
        }
    }

    private static IEnumerable<BadRequest> Senders()
    {
        foreach ((string name, WirePeer? from) in BadPeers.All())
        {
            yield return Bad($"arcs asked by {name}", (client, to, options) => client.AskArcsAsync(new() { To = to, From = from }, options).ResponseAsync);
            yield return Bad($"offer of {name}", (client, to, options) => client.OfferAsync(new() { To = to, From = from }, options).ResponseAsync);
            yield return Bad($"copy from {name}", (client, to, options) =>
                client.StoreCopyAsync(new() { To = to, From = from, Key = Key, Version = VersionOf(Three), Content = Three }, options).ResponseAsync);
            yield return Bad($"streamed copy from {name}", (client, to, options) =>
                SendAsync(client.StreamCopy(options), new CopyPart { Header = new CopyHeader { To = to, From = from, Key = Key } }, CopyChunk(3), CopyCommit(3)));
        }
    }

    private static IEnumerable<BadRequest> Questions()
    {
        ObjectArc arc = new() { From = Other, To = Other };
        ArcDigest digest = new() { Sum = Bytes(16) };
        foreach ((string name, ObjectArc? bad) in new[]
        {
            ("of no arc", null),
            ("of an arc without ends", new ObjectArc()),
            ("of an arc with a short beginning", new ObjectArc { From = Bytes(19), To = Other }),
            ("of an arc with a long end", new ObjectArc { From = Other, To = Bytes(21) }),
        })
        {
            if (bad is not null)
                yield return Asked($"a claim {name}", request => request.Claim = bad);
            yield return Asked($"a question {name}", request => request.Questions.Add(new ArcQuestion { Arc = bad, Digest = digest }));
        }
        yield return Asked("a question without digest", request => request.Questions.Add(new ArcQuestion { Arc = arc }));
        yield return Asked("a digest of 15 bytes", request => request.Questions.Add(new ArcQuestion { Arc = arc, Digest = new() { Sum = Bytes(15) } }));
        yield return Asked("a digest of more objects than there can be", request =>
            request.Questions.Add(new ArcQuestion { Arc = arc, Digest = new() { Count = uint.MaxValue, Sum = Bytes(16) } }));
        yield return Asked("too many questions", request => request.Questions.AddRange(Enumerable.Repeat(new ArcQuestion { Arc = arc, Digest = digest }, 17)));
        yield return Bad("version of an object with a short identifier", (client, to, options) =>
            client.AskVersionAsync(new() { To = to, ObjectId = Bytes(19) }, options).ResponseAsync);
        yield return Bad("version of no object", (client, to, options) => client.AskVersionAsync(new() { To = to }, options).ResponseAsync);

        static BadRequest Asked(string name, Action<AskArcsRequest> spoil) => Bad($"arcs asked with {name}", (client, to, options) =>
        {
            var request = new AskArcsRequest { To = to, From = Someone };
            spoil(request);
            return client.AskArcsAsync(request, options).ResponseAsync;
        });
    }

    private static IEnumerable<BadRequest> Copies()
    {
        foreach ((string name, string key) in BadKeys())
            yield return Stored($"under {name}", Invalid, Refusal.InvalidRequest, request => request.Key = key);
        yield return Stored("without version", Invalid, Refusal.InvalidRequest, request => request.Version = null);
        yield return Stored("of a negative stamp", Invalid, Refusal.InvalidRequest, request => request.Version.Stamp = -1);
        yield return Stored("of the last stamp that a number can be", Invalid, Refusal.InvalidRequest, request => request.Version.Stamp = long.MaxValue);
        yield return Stored("without hash", Invalid, Refusal.InvalidRequest, request => request.Version.Hash = ByteString.Empty);
        yield return Stored("with a short hash", Invalid, Refusal.InvalidRequest, request => request.Version.Hash = Bytes(31));
        yield return Stored("with another's hash", StatusCode.DataLoss, Refusal.Corrupted, request => request.Version.Hash = HashOf(Bytes(4)));
        yield return Stored("of more than a mebibyte", Invalid, Refusal.InvalidRequest, request =>
        {
            request.Content = Bytes(RingLimits.MaxValueBytes + 1);
            request.Version = VersionOf(request.Content);
        });
        yield return Stored("that is a deletion with content", Invalid, Refusal.InvalidRequest, request => request.Version = new() { Stamp = 1, Deleted = true });
        yield return Stored("that is a deletion with a hash", Invalid, Refusal.InvalidRequest, request => (request.Version.Deleted, request.Content) = (true, ByteString.Empty));
        yield return new("copy over the size of a message", StatusCode.ResourceExhausted, null, static (client, to, options) =>
            client.StoreCopyAsync(new() { To = to, From = Someone, Key = Key, Version = VersionOf(Three), Content = Bytes(5 << 20) }, options).ResponseAsync);

        static BadRequest Stored(string name, StatusCode status, Refusal reason, Action<StoreCopyRequest> spoil) => new($"copy {name}", status, reason, (client, to, options) =>
        {
            var request = new StoreCopyRequest { To = to, From = Someone, Key = Key, Version = VersionOf(Three), Content = Three };
            spoil(request);
            return client.StoreCopyAsync(request, options).ResponseAsync;
        });
    }

    private static IEnumerable<BadRequest> Streams()
    {
        foreach ((string name, string key) in BadKeys())
            yield return Streamed($"under {name}", to => [Header(to, key), CopyChunk(3), CopyCommit(3)]);
        yield return Streamed("of nothing", _ => []);
        yield return Streamed("without header", _ => [CopyChunk(3), CopyCommit(3)]);
        yield return Streamed("of a commit alone", _ => [CopyCommit(0)]);
        yield return Streamed("that begins with an empty part", to => [new CopyPart(), Header(to), CopyCommit(0)]);
        yield return Streamed("with two headers", to => [Header(to), Header(to), CopyChunk(3), CopyCommit(3)]);
        yield return Streamed("with an empty part", to => [Header(to), CopyChunk(3), new CopyPart(), CopyCommit(3)]);
        yield return Streamed("with a chunk of more than 256 KiB", to => [Header(to), CopyChunk(RingLimits.MaxChunkBytes + 1), CopyCommit(RingLimits.MaxChunkBytes + 1)]);
        yield return Streamed("without commit", to => [Header(to), CopyChunk(300), CopyChunk(RingLimits.MaxChunkBytes)]);
        yield return Streamed("of a header alone", to => [Header(to)]);
        yield return Streamed("committed twice", to => [Header(to), CopyChunk(3), CopyCommit(3), CopyCommit(3)]);
        yield return Streamed("with a chunk after the commit", to => [Header(to), CopyChunk(3), CopyCommit(3), CopyChunk(1)]);
        yield return Streamed("of a negative size", to => [Header(to), CopyChunk(3), CopyCommit(3, size: -3)]);
        yield return Streamed("without version", to => [Header(to), CopyChunk(3), new CopyPart { Commit = new CopyCommit { Size = 3 } }]);
        yield return Streamed("of a negative stamp", to => [Header(to), CopyChunk(3), new CopyPart { Commit = new CopyCommit { Version = VersionOf(Three, stamp: -1), Size = 3 } }]);
        yield return Lying("of less than announced", to => [Header(to), CopyChunk(3), CopyCommit(3, size: 4)]);
        yield return Lying("of more than announced", to => [Header(to), CopyChunk(3), CopyCommit(3, size: 2)]);
        yield return Lying("with another's hash", to => [Header(to), CopyChunk(3), CopyCommit(4, size: 3)]);
        yield return Lying("of a deletion", to => [Header(to), CopyChunk(3), new CopyPart { Commit = new CopyCommit { Version = new() { Stamp = 1, Deleted = true }, Size = 3 } }]);
        yield return Lying("of a deletion of nothing", to => [Header(to), new CopyPart { Commit = new CopyCommit { Version = new() { Stamp = 1, Deleted = true } } }]);

        static BadRequest Streamed(string name, Func<ByteString, CopyPart[]> parts) =>
            Bad($"streamed copy {name}", (client, to, options) => SendAsync(client.StreamCopy(options), parts(to)));
        static BadRequest Lying(string name, Func<ByteString, CopyPart[]> parts) =>
            new($"streamed copy {name}", StatusCode.DataLoss, Refusal.Corrupted, (client, to, options) => SendAsync(client.StreamCopy(options), parts(to)));
    }

    private static IEnumerable<BadRequest> Fetches()
    {
        yield return Bad("copy fetched of no object", static (client, to, options) => ReadAsync(client.FetchCopy(new() { To = to }, options)));
        yield return Bad("copy fetched from a negative offset", static (client, to, options) =>
            ReadAsync(client.FetchCopy(new() { To = to, ObjectId = Other, Offset = -1 }, options)));
        yield return Bad("copy fetched of a negative length", static (client, to, options) =>
            ReadAsync(client.FetchCopy(new() { To = to, ObjectId = Other, Length = -1 }, options)));
    }

    private static CopyPart Header(ByteString to, string key = Key) => new() { Header = new CopyHeader { To = to, From = Someone, Key = key } };

    private static BadRequest Bad(string name, Func<Client, ByteString, CallOptions, Task> send) => new(name, Invalid, Refusal.InvalidRequest, send);

    private sealed record BadRequest(string Name, StatusCode Status, Refusal? Reason, Func<Client, ByteString, CallOptions, Task> Send);
}
