using System.Text.Json.Serialization;

namespace ChordAspire.AppHost;

/// <summary>What a peer says of itself at <c>GET /peer</c>.</summary>
/// <param name="Seeds">What it knows of seed peers near it.</param>
internal sealed record PeerPage(
    string Id, string Address, int ProcessId, string Phase, bool RingReady, string? Predecessor, IReadOnlyList<string> Successors, int SuccessorListLength, long ObjectsHeld, long BytesHeld,
    bool Replicated, IReadOnlyList<SeedPage>? Seeds = null)
{
    public bool IsMember => Phase is "member" or "leaving";

    /// <summary>Whether these, and the seed peers that they name, are all the members of one ring in which every predecessor and every successor list is right.</summary>
    /// <param name="seedPeers">Addresses of seed peers that must be among them.</param>
    public static bool IsIdeal(IReadOnlyCollection<PeerPage> pages, IReadOnlyCollection<string> seedPeers)
    {
        SeedPage[] seeds = [.. SeedsOf(pages)];
        string[] ring = [.. pages.Select(page => page.Id).Concat(seeds.Select(seed => seed.Id)).Distinct().Order(StringComparer.Ordinal)];
        return pages.Count > 0
            && ring.Length == pages.Count + seeds.DistinctBy(seed => seed.Address).Count()
            && seedPeers.All(address => seeds.Any(seed => seed.Address == address))
            && pages.All(page => page.IsMember && page.Predecessor == Before(page.Id) && page.Successors.SequenceEqual(After(page.Id, page.SuccessorListLength)))
            // Each of several that tell of one seed peer must be right.
            && seeds.All(seed => seed.Predecessor == Before(seed.Id) && seed.Successor == After(seed.Id, 1).Single());

        string? Before(string id) => ring.Length == 1 ? null : ring[(Array.IndexOf(ring, id) + ring.Length - 1) % ring.Length];
        IEnumerable<string> After(string id, int length) =>
            Enumerable.Range(1, Math.Min(ring.Length - 1, length)).Select(step => ring[(Array.IndexOf(ring, id) + step) % ring.Length]);
    }

    /// <summary>All that these tell of seed peers.</summary>
    public static IEnumerable<SeedPage> SeedsOf(IEnumerable<PeerPage> pages) => pages.SelectMany(page => page.Seeds ?? []);
}

/// <summary>What a peer knows of a seed peer near it, which has no page of its own.</summary>
internal sealed record SeedPage(string Id, string Address, string? Predecessor, string? Successor);

/// <summary>What a peer says of a lookup at <c>GET /lookup/{key}</c>, as far as it is needed here.</summary>
internal sealed record LookupPage(string Id, OwnerPage Owner, int Hops, IReadOnlyList<HopPage> Path);

internal sealed record OwnerPage(string Id, string Address);

/// <summary>One peer asked.</summary>
internal sealed record HopPage(string Id, string Address, bool Answered, double Milliseconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeerPage))]
[JsonSerializable(typeof(LookupPage))]
internal sealed partial class PeerPageJson : JsonSerializerContext;
