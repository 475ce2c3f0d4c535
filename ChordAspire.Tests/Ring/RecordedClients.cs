using System.Collections.Concurrent;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using ChordAspire.Simulation;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Tests.Ring;

/// <summary>Clients that write and read a few keys as fast as they can, through peers that come and go, and note what they did and saw.</summary>
internal sealed class RecordedClients(RingUnderTest ring, string[] keys, int seed)
{
    /// <summary>No write is larger: 8,000 words of eight bytes, so that some go in one message and some would fill several chunks.</summary>
    private const int MaxWords = 8000;

    private readonly ConcurrentQueue<Operation> _operations = new();
    private readonly ConcurrentQueue<string> _mixtures = new();
    private readonly long _started = RingUnderTest.Time.GetTimestamp();
    private long _values;

    public int Acknowledged => _operations.Count(operation => operation is { IsWrite: true, Ended: not null });

    public int Reads => _operations.Count(operation => !operation.IsWrite);

    /// <summary>Begins so many writers and as many readers; they go on until told to stop.</summary>
    public Task[] Run(int each, CancellationToken stop) =>
    [
        .. Enumerable.Range(0, each).Select(i => Task.Run(() => WriteOnAsync(new Random(seed + i), stop), CancellationToken.None)),
        .. Enumerable.Range(0, each).Select(i => Task.Run(() => ReadOnAsync(new Random(seed - 1 - i), stop), CancellationToken.None)),
    ];

    /// <summary>Reads every key through every one of these peers, which must all answer.</summary>
    public async Task ReadAllAsync(IEnumerable<string> peers, CancellationToken cancellationToken)
    {
        foreach (string peer in peers)
            await Task.WhenAll(keys.Select(key => ReadAsync(peer, key, cancellationToken)));
    }

    /// <summary>What no order of the writes explains.</summary>
    public IReadOnlyList<string> Anomalies()
    {
        var history = new History(TimeSpan.Zero);
        foreach (Operation write in _operations.Where(operation => operation.IsWrite))
            history.Wrote(write.Key, write.Value, write.Began, write.Ended);
        IEnumerable<Anomaly?> anomalies = _operations
            .Where(operation => !operation.IsWrite)
            .Select(read => history.Explain(read.Key, read.Value, read.Began, read.Ended!.Value));
        return [.. _mixtures, .. anomalies.OfType<Anomaly>().Select(anomaly => anomaly.ToString())];
    }

    private TimeSpan Now => RingUnderTest.Time.GetElapsedTime(_started);

    private async Task WriteOnAsync(Random chance, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            string key = keys[chance.Next(keys.Length)];
            ulong value = (ulong)Interlocked.Increment(ref _values);
            byte[] content = TestContent.Of(value, chance.Next(4) == 0 ? chance.Next(1, MaxWords) : chance.Next(1, 200));
            TimeSpan began = Now;
            TimeSpan? acknowledged = null;
            try
            {
                // Not to be called off: a write whose outcome nobody learns tells the check nothing.
                var client = new RingService.RingServiceClient(ring.InvokerOf(ring.Names[chance.Next(ring.Names.Count)]));
                PutReply reply = await client.PutAsync(
                    new PutRequest { Key = key, Content = ByteString.CopyFrom(content) }, deadline: (RingUnderTest.Time.GetUtcNow() + ChordClient.DefaultTimeout).UtcDateTime,
                    cancellationToken: CancellationToken.None);
                // Only this many copies survive the loss of two peers at once; an acknowledgement of fewer promises less.
                if (reply.Copies == 3)
                    acknowledged = Now;
            }
            catch (RpcException)
            {
                // The peer asked is down. The write may have happened, or may yet.
            }
            _operations.Enqueue(new Operation(IsWrite: true, key, value, began, acknowledged));
        }
    }

    private async Task ReadOnAsync(Random chance, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(ring.Names[chance.Next(ring.Names.Count)], keys[chance.Next(keys.Length)], CancellationToken.None);
            }
            catch (RefusedException)
            {
                // The peer asked is down.
            }
        }
    }

    private async Task ReadAsync(string peer, string key, CancellationToken cancellationToken)
    {
        TimeSpan began = Now;
        ReadOnlyMemory<byte>? content = await ring.ClientOf(peer).GetAsync(key, cancellationToken);
        ulong? value = content is { } bytes ? TestContent.ValueOf(bytes.Span) : null;
        if (content is not null && value is null)
            _mixtures.Enqueue($"{key} read through {peer} at {Now:c}: {content.Value.Length} bytes that nobody wrote so");
        else
            _operations.Enqueue(new Operation(IsWrite: false, key, value, began, Now));
    }
}
