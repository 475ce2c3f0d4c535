using ChordAspire.Rpc;

namespace ChordAspire.Cli.Bench;

/// <summary>What is done again and again.</summary>
/// <param name="Name"><c>lookup</c>, <c>put</c> or <c>get</c>.</param>
/// <param name="RunAsync">Does it once; given its number, counted from 0. Hops where it is known how many there were.</param>
internal sealed record BenchOperation(string Name, Func<long, CancellationToken, Task<int?>> RunAsync)
{
    /// <summary>Looks up other keys each time: their places are all over the circle.</summary>
    public static BenchOperation Lookup(ChordClient client, TimeSpan timeout) => new("lookup", async (number, cancellation) =>
        (await client.LookupAsync(FormattableString.Invariant($"bench/{number}"), cancellation, timeout).ConfigureAwait(false)).Hops);

    public static BenchOperation Put(ChordClient client, BenchObjects objects) => new("put", async (number, cancellation) =>
    {
        await objects.PutAsync(client, number, cancellation).ConfigureAwait(false);
        return null;
    });

    public static BenchOperation Get(ChordClient client, BenchObjects objects, TimeSpan timeout) => new("get", async (number, cancellation) =>
    {
        string key = objects.KeyOf(number);
        if (await client.GetAsync(key, Stream.Null, cancellation, timeout: timeout).ConfigureAwait(false) is null)
            throw new RefusedException(Refusal.Corrupted, $"'{key}' was stored for this run, and is gone.");
        return null;
    });
}
