using System.Collections.Immutable;
using ChordAspire.Protocol;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.Protocol;

/// <summary>Rings to begin a test with.</summary>
internal static class Ring
{
    /// <summary>The ten peers of SIGCOMM 2001, figures 3 and 4, on their 6-bit circle.</summary>
    public static InMemoryRing OfThePaper() => Of(bits: 6, 1, 8, 14, 21, 32, 38, 42, 48, 51, 56);

    /// <summary>An ideal ring of these peers, with successor lists of four.</summary>
    public static InMemoryRing Of(int bits, params ulong[] peers) => Of(new ChordParameters(bits), peers);

    /// <summary>An ideal ring of these peers.</summary>
    public static InMemoryRing Of(ChordParameters parameters, params ulong[] peers)
    {
        var ring = new InMemoryRing(parameters);
        foreach (PeerState state in IdealStates(parameters, [.. peers.Select(ring.Ref)]))
            ring.Place(state);
        return ring;
    }

    /// <summary>What every peer knows in an ideal ring of these.</summary>
    public static ImmutableArray<PeerState> IdealStates(ChordParameters parameters, IReadOnlyList<PeerRef> peers)
    {
        PeerRef[] sorted = [.. peers.OrderBy(peer => peer.Id)];
        int count = sorted.Length;
        int others = Math.Min(count - 1, parameters.SuccessorListLength);
        return
        [
            .. Enumerable.Range(0, count).Select(i => PeerState.CreateMember(
                sorted[i],
                parameters,
                count == 1 ? null : sorted[(i + count - 1) % count],
                new SuccessorList(
                    [.. Enumerable.Range(1, others).Select(step => sorted[(i + step) % count])],
                    spansRing: others < parameters.SuccessorListLength),
                IdealRing.FingersOf(sorted[i], sorted))),
        ];
    }

    /// <summary>The owner of a key among sorted peers: the naive twin of a lookup.</summary>
    public static PeerRef OwnerOf(Identifier key, PeerRef[] sorted)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle].Id < key)
                low = middle + 1;
            else
                high = middle;
        }
        return sorted[low % sorted.Length];
    }

    /// <summary>Distinct random identifiers, named by themselves.</summary>
    public static PeerRef[] RandomPeers(int count, int bits, Random chance)
    {
        HashSet<Identifier> ids = [];
        while (ids.Count < count)
            ids.Add(RandomIdentifier(bits, chance));
        return [.. ids.Select(id => new PeerRef(id, id.ToString()))];
    }

    public static Identifier RandomIdentifier(int bits, Random chance)
    {
        Span<byte> bytes = stackalloc byte[Identifier.ByteCount(Identifier.MaxBits)];
        chance.NextBytes(bytes);
        return Identifier.FromBigEndian(bits, bytes);
    }
}
