using ChordAspire.Rpc;

namespace ChordAspire.Cli.Bench;

/// <summary>The objects of one run, under a prefix of its own: nobody else's are touched, and they are deleted at the end.</summary>
/// <param name="run">Different in each run.</param>
/// <param name="count">How many there are; further ones take their places.</param>
/// <param name="size">Bytes of each.</param>
internal sealed class BenchObjects(string run, int count, int size, TimeSpan timeout)
{
    private const int AtOnce = 16;

    private readonly byte[] _content = Content(size);
    private readonly HashSet<string> _stored = [];
    private readonly Lock _lock = new();

    /// <summary>What all their keys begin with.</summary>
    public string Prefix => $"bench/{run}/";

    public string KeyOf(long number) => FormattableString.Invariant($"{Prefix}{number % count}");

    public async Task PutAsync(ChordClient client, long number, CancellationToken cancellation)
    {
        string key = KeyOf(number);
        lock (_lock)
            _stored.Add(key);
        using var source = new MemoryStream(_content, writable: false);
        await client.PutAsync(key, source, cancellation, timeout: timeout).ConfigureAwait(false);
    }

    public Task PutAllAsync(ChordClient client, Action<double> tell, CancellationToken cancellation) =>
        EachAsync(Enumerable.Range(0, count).ToArray(), tell, number => PutAsync(client, number, cancellation), cancellation);

    /// <summary>
    /// Whatever the run has stored, or tried to. One that cannot be deleted does not keep the others; when none could be for as long as the timeout, the ring is
    /// no longer waited for.
    /// </summary>
    /// <returns>How many may still be there.</returns>
    public async Task<int> DeleteAllAsync(ChordClient client, Action<double> tell, CancellationToken cancellation)
    {
        string[] keys;
        lock (_lock)
            keys = [.. _stored];
        int left = keys.Length;
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        givenUp.CancelAfter(timeout);
        try
        {
            await EachAsync(keys, tell, DeleteAsync, givenUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Those that are left are counted.
        }
        return left;

        async Task DeleteAsync(string key)
        {
            try
            {
                await client.DeleteAsync(key, givenUp.Token, timeout).ConfigureAwait(false);
                Interlocked.Decrement(ref left);
                givenUp.CancelAfter(timeout);
            }
            catch (RefusedException)
            {
                // Counted, as it is still there.
            }
        }
    }

    private static async Task EachAsync<T>(T[] items, Action<double> tell, Func<T, Task> work, CancellationToken cancellation)
    {
        int done = 0;
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (item, _) =>
        {
            await work(item).ConfigureAwait(false);
            tell(Interlocked.Increment(ref done) / (double)items.Length);
        }).ConfigureAwait(false);
    }

    /// <summary>Bytes that do not compress.</summary>
    private static byte[] Content(int size)
    {
        byte[] content = new byte[size];
        new Random(1).NextBytes(content);
        return content;
    }
}
