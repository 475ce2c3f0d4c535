using System.Collections.Immutable;
using System.Globalization;

namespace ChordAspire.AppHost;

/// <summary>What the dashboard shows of a member of the ring.</summary>
internal static class RingProperties
{
    private const string Prefix = "ring.";

    public static ImmutableArray<ResourcePropertySnapshot> Of(PeerPage page) =>
    [
        Shown("identifier", "Identifier", page.Id, 11),
        Shown("kind", "Kind", "peer", 12),
        Shown("phase", "Phase", page.Phase, 13),
        Shown("predecessor", "Predecessor", page.Predecessor ?? "none", 14),
        Shown("successor", "Successor", page.Successors is [string successor, ..] ? successor : "none", 15),
        Shown("successors", "Successor list", string.Join(' ', page.Successors), 16),
        Shown("objects", "Objects held", string.Create(CultureInfo.InvariantCulture, $"{page.ObjectsHeld} ({page.BytesHeld:N0} bytes)"), 17),
        Shown("replicated", "Replicated", page.Replicated ? "yes" : "copies are missing", 18),
    ];

    /// <param name="seen">What our peers know of it; null when no page names it.</param>
    public static ImmutableArray<ResourcePropertySnapshot> Of(RingGuest guest, SeedPage? seen) =>
    [
        Shown("identifier", "Identifier", seen?.Id ?? guest.Id, 11),
        Shown("kind", "Kind", guest.IsSeedPeer || seen is not null ? "seed peer" : "not known", 12),
        Shown("predecessor", "Predecessor", seen?.Predecessor ?? "not known", 14),
        Shown("successor", "Successor", seen?.Successor ?? "not known", 15),
    ];

    /// <summary>These in the place of all that were shown of the ring before.</summary>
    public static CustomResourceSnapshot With(this CustomResourceSnapshot snapshot, ImmutableArray<ResourcePropertySnapshot> properties) => snapshot with
    {
        Properties = [.. snapshot.Properties.Where(property => !property.Name.StartsWith(Prefix, StringComparison.Ordinal)), .. properties],
    };

    private static ResourcePropertySnapshot Shown(string name, string displayName, string value, int order) =>
        new(Prefix + name, value) { DisplayName = displayName, IsHighlighted = true, SortOrder = order };
}
