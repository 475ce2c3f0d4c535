using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Tests.Peer;

/// <summary>Thousands of uploads that are begun and never ended.</summary>
[Collection(OwnPeers.Name)]
public sealed class UploadFloodTests
{
    private const int Uploads = 2000;
    private const long MaxBytesOfMemory = 700L << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Half_open_uploads_are_bounded_given_up_in_time_and_do_not_keep_other_peers_from_work()
    {
        // Five, so that of each write at the fourth two copies lie beyond the flooded peer and its replicas.
        await using SmallRing ring = await SmallRing.StartAsync(
            ["20", "70", "120", "170", "220"], Cancellation,
            ("CHORD_ID_BITS", "8"), ("Storage__IdleTimeout", "00:00:01"), ("Storage__MaxIncoming", "64"), ("Chord__CallTimeoutMin", "00:00:05"));
        await ring.WaitUntilReplicatedAsync(Cancellation);
        PeerProcess flooded = ring[0], other = ring[3];
        string[] floodedKeys = [.. KeysOwnedBy(20, 220).Take(Uploads)];
        string[] otherKeys = [.. KeysOwnedBy(170, 120).Take(20)];

        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<string>[] uploads = [.. floodedKeys.Select(key => HalfOpenAsync(flooded, key))];
        Task<long> memory = PeakMemoryAsync(flooded, over.Token);
        foreach (string key in otherKeys)
        {
            PutReply stored = await other.Objects().PutAsync(new PutRequest { Key = key, Content = ByteString.CopyFrom(TestObjects.ContentOf(key)) }, cancellationToken: Cancellation);
            Assert.InRange(stored.Copies, 2u, 3u);
            Assert.Equal(other.Address, (await flooded.Client.LookupAsync(key, Cancellation)).Owner.Address);
            Assert.True(await TestObjects.IsFoundAsync(flooded.Client, key, Cancellation), key);
        }

        ILookup<string, string> ends = (await Task.WhenAll(uploads)).ToLookup(detail =>
            detail.Contains("(Storage:MaxIncoming)", StringComparison.Ordinal) ? "too many" : detail.Contains("(Storage:IdleTimeout)", StringComparison.Ordinal) ? "too slow" : detail);
        await over.CancelAsync();
        Assert.Equal(["too many", "too slow"], ends.Select(end => end.Key).Order(StringComparer.Ordinal));
        Assert.InRange(await memory, 1, MaxBytesOfMemory);
        TestContext.Current.SendDiagnosticMessage("{0} too many, {1} given up; {2} MiB.", ends["too many"].Count(), ends["too slow"].Count(), await memory >> 20);

        await StoredFiles.WaitUntilNothingUnderWayAsync(ring.Peers, Cancellation);
        byte[] content = ObjectCalls.Content(seed: 1, 1 << 20);
        PutReply again = await flooded.PutStreamAsync(floodedKeys[0], content, Cancellation);
        Assert.Equal(3u, again.Copies);
        Assert.Equal(content, await flooded.GetAsync(floodedKeys[0], Cancellation));
        Assert.DoesNotContain("fail:", flooded.Output, StringComparison.Ordinal);
    }

    /// <summary>How it was refused in the end.</summary>
    private static async Task<string> HalfOpenAsync(PeerProcess peer, string key)
    {
        using AsyncClientStreamingCall<PutPart, PutReply> call = peer.Objects().PutStream(cancellationToken: Cancellation);
        try
        {
            await call.RequestStream.WriteAsync(new PutPart { Header = new PutHeader { Key = key } }, Cancellation);
            await call.RequestStream.WriteAsync(new PutPart { Chunk = ByteString.CopyFrom(new byte[1000]) }, Cancellation);
        }
        catch (Exception refused) when (refused is RpcException or InvalidOperationException)
        {
            // The answer says why.
        }
        RpcException reason = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        return reason.Trailers.GetValue(RefusalInterceptor.Trailer) == $"{Refusal.Exhausted}" ? reason.Status.Detail : $"{reason.Status}";
    }

    private static async Task<long> PeakMemoryAsync(PeerProcess peer, CancellationToken over)
    {
        long peak = 0;
        try
        {
            while (true)
            {
                using var process = Process.GetProcessById(peer.ProcessId);
                peak = Math.Max(peak, process.WorkingSet64);
                await Patience.LetPassAsync(TimeSpan.FromMilliseconds(100), over);
            }
        }
        catch (OperationCanceledException)
        {
            return peak;
        }
    }

    /// <summary>Keys on the arc of 8-bit places that ends at this peer.</summary>
    private static IEnumerable<string> KeysOwnedBy(byte peer, byte predecessor) => Enumerable.Range(0, int.MaxValue)
        .Select(i => $"flood {i}")
        .Where(key => PlaceOf(key) is var place && (predecessor < peer ? place > predecessor && place <= peer : place > predecessor || place <= peer));

    private static int PlaceOf(string key) => Convert.FromHexString($"{IdentifierCircle.PlaceOf(key, 8)}")[0];
}
