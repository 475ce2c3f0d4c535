using System.Diagnostics;
using ChordAspire.Peer;
using ChordAspire.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChordAspire.Tests.Peer;

/// <summary>A peer that starts with many small objects on its disk. How many, <see cref="TestSizes.Objects"/> says.</summary>
[Collection(OwnPeers.Name)]
public sealed class ManyObjectsTests(ITestOutputHelper output)
{
    private const int Size = 1024;

    /// <summary>Bytes of memory for each object, beyond what the same peer takes with none: the index has 200 at the most, the heap round it as much again.</summary>
    private const int MaxBytesEach = 400;

    private static readonly TimeSpan MaxStart = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_with_many_objects_starts_soon_and_needs_little_memory_for_each()
    {
        int count = TestSizes.Objects;
        (TimeSpan emptyTime, TimeSpan emptyWork, long emptyMemory) = await StartAsync(DataFolders.New(), 0);
        string folder = DataFolders.New();
        try
        {
            await FillAsync(folder, count);
            (TimeSpan time, TimeSpan work, long memory) = await StartAsync(folder, count);
            output.WriteLine(
                $"{count} objects: listens after {time.TotalSeconds:F2} s ({work.TotalSeconds:F2} s of processor), {memory >> 20} MiB resident; without objects {emptyTime.TotalSeconds:F2} s ({emptyWork.TotalSeconds:F2} s), {emptyMemory >> 20} MiB");
            // By the work: how long it takes is the machine's affair.
            Assert.True(work - emptyWork < MaxStart, $"{count} objects took {work - emptyWork} of processor at the start.");
            Assert.True(memory - emptyMemory < (16L << 20) + ((long)count * MaxBytesEach), $"{memory - emptyMemory} bytes of memory for {count} objects.");
        }
        finally
        {
            DataFolders.Delete(folder);
        }
    }

    /// <summary>Until it listens, which it does once it knows what it has; and what it takes then.</summary>
    private static async Task<(TimeSpan Time, TimeSpan Work, long Memory)> StartAsync(string folder, int count)
    {
        long started = TimeProvider.System.GetTimestamp();
        await using PeerProcess peer = await PeerProcess.StartAsync(Cancellation, ("Storage__Directory", folder));
        TimeSpan time = TimeProvider.System.GetElapsedTime(started);
        using var process = Process.GetProcessById(peer.ProcessId);
        TimeSpan work = process.TotalProcessorTime;
        await peer.WaitForOutputAsync("starts a ring", Cancellation);
        await Patience.UntilAsync(
            "it says that it has them", async () => (await peer.DescribeAsync(Cancellation)) is { Replicated: true } told && told.ObjectsHeld == count, () => peer.Output, Cancellation);
        return (time, work, ProcessMemory.Resident(peer.ProcessId));
    }

    /// <summary>As the store itself lays them down, but for the flushes, which would take minutes.</summary>
    private static async Task FillAsync(string folder, int count)
    {
        await using ObjectStore store = await ObjectStore.OpenAsync(
            new ObjectStoreOptions { Directory = folder, RingBits = Identifier.MaxBits, ScrubBytesPerSecond = 0 }, new UnflushedDisk(new SystemDisk()), TimeProvider.System, NullLogger.Instance);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (i, cancellation) =>
        {
            byte[] content = new byte[Size];
            BitConverter.TryWriteBytes(content, i);
            await using IncomingObject incoming = store.Receive($"small object {i}");
            await incoming.WriteAsync(content, cancellation);
            await incoming.CompleteAsync(cancellation);
            Assert.IsType<CommitResult.Stored>(await incoming.CommitAsync(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), cancellation));
        });
    }
}
