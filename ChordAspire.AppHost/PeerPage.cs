using System.Text.Json.Serialization;

namespace ChordAspire.AppHost;

/// <summary>What a peer says of itself at <c>GET /peer</c>.</summary>
internal sealed record PeerPage(
    string Id, string Address, int ProcessId, string Phase, bool RingReady, string? Predecessor, IReadOnlyList<string> Successors, int SuccessorListLength, long ObjectsHeld, long BytesHeld,
    bool Replicated)
{
    public bool IsMember => Phase is "member" or "leaving";

    /// <summary>Whether these are all the peers of one ring in which every predecessor and every successor list is right.</summary>
    public static bool IsIdeal(IEnumerable<PeerPage> pages)
    {
        PeerPage[] ring = [.. pages.OrderBy(page => page.Id, StringComparer.Ordinal)];
        for (int i = 0; i < ring.Length; i++)
        {
            string? before = ring.Length == 1 ? null : ring[(i + ring.Length - 1) % ring.Length].Id;
            IEnumerable<string> after = Enumerable.Range(1, Math.Min(ring.Length - 1, ring[i].SuccessorListLength)).Select(step => ring[(i + step) % ring.Length].Id);
            if (!ring[i].IsMember || ring[i].Predecessor != before || !ring[i].Successors.SequenceEqual(after))
                return false;
        }
        return ring.Length > 0;
    }
}

/// <summary>What a peer says of a lookup at <c>GET /lookup/{key}</c>, as far as it is needed here.</summary>
internal sealed record LookupPage(string Id, OwnerPage Owner, int Hops, IReadOnlyList<HopPage> Path);

internal sealed record OwnerPage(string Id, string Address);

/// <summary>One peer asked.</summary>
internal sealed record HopPage(string Id, string Address, bool Answered, double Milliseconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeerPage))]
[JsonSerializable(typeof(LookupPage))]
internal sealed partial class PeerPageJson : JsonSerializerContext;
