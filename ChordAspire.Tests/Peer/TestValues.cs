using System.Text;
using ChordAspire.Rpc;

namespace ChordAspire.Tests.Peer;

/// <summary>Values whose content tells whether they are the right ones.</summary>
internal static class TestValues
{
    /// <summary>Stores so many values and returns their keys.</summary>
    public static async Task<string[]> PutAsync(ChordClient client, int count, CancellationToken cancellationToken, string prefix = "value")
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(i => $"{prefix}-{i}")];
        foreach (string[] some in keys.Chunk(20))
            await Task.WhenAll(some.Select(key => client.PutAsync(key, ContentOf(key), cancellationToken)));
        return keys;
    }

    public static async Task AssertAllFoundAsync(ChordClient client, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        foreach (string key in keys)
            Assert.True(await IsFoundAsync(client, key, cancellationToken), $"{key} was not found.");
    }

    public static async Task<bool> IsFoundAsync(ChordClient client, string key, CancellationToken cancellationToken) =>
        await client.GetAsync(key, cancellationToken) is { } content && content.Span.SequenceEqual(ContentOf(key));

    public static byte[] ContentOf(string key) => Encoding.UTF8.GetBytes($"content of {key}");
}
