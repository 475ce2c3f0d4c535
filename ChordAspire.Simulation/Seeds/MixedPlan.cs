using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>All of one run of a mixed ring, settled beforehand.</summary>
public sealed record MixedPlan
{
    public required Seed Seed { get; init; }

    /// <summary>m = 6, as the seed's own rings have it.</summary>
    public required ChordParameters Parameters { get; init; }

    public required NetworkOptions Network { get; init; }

    /// <summary>Identifiers of our peers; their place here is their host.</summary>
    public required ImmutableArray<Identifier> Ours { get; init; }

    /// <summary>Seed peers, and what is wrong with each.</summary>
    public required ImmutableArray<(Identifier Id, SeedFlaw Flaw)> Seeds { get; init; }

    /// <summary>So many of ours form an ideal ring at the beginning; 0: a seed peer starts the ring, and all others join.</summary>
    public required int OursAtStart { get; init; }

    /// <summary>What goes wrong, in the order of time. Numbers of hosts count ours first, then the seed peers.</summary>
    public required ImmutableArray<PlannedFault> Faults { get; init; }

    public required TimeSpan FaultsEnd { get; init; }
}

/// <summary>Draws a small mixed ring from a seed: 5 to 10 peers of ours and some seed peers, in half of the runs side by side, in one of five with a bad one.</summary>
public static class MixedPlanDrawer
{
    public const int SeedPeersMax = 8;

    private const int Bits = 6;
    private static readonly TimeSpan FaultsBegin = TimeSpan.FromSeconds(5);

    /// <param name="seed">All is drawn from it.</param>
    /// <param name="seedPeers">The most seed peers: 1 to 8.</param>
    public static MixedPlan Draw(Seed seed, int seedPeers)
    {
        Chance chance = seed.For(ChanceUse.Plan);
        int length = chance.Between(3, 4);
        int seeds = chance.Between(1, seedPeers);
        int ours = chance.Between(length + 2, length + 6);
        (Identifier[] ourPlaces, Identifier[] seedPlaces) = DrawPlaces(ours, seeds, chance);
        bool seedBegins = chance.Happens(0.2);
        int bad = chance.Happens(0.2) ? chance.Next(seeds) : -1;
        var flaw = (SeedFlaw)chance.Between(1, (int)SeedFlaw.Slow);
        // Identifier 0 always starts a ring of its own, so that it can only be the first.
        if (seedBegins && chance.Happens(0.3))
            seedPlaces[0] = Identifier.FromUInt64(Bits, 0);
        TimeSpan end = TimeSpan.FromSeconds(chance.Between(10, 25));
        int atStart = seedBegins ? 0 : chance.Between(length + 1, ours);
        return new MixedPlan
        {
            Seed = seed,
            Parameters = new ChordParameters(Bits, length),
            Network = DrawNetwork(chance),
            Ours = [.. ourPlaces],
            // Who starts the ring has to be of use to those who join.
            Seeds = [.. seedPlaces.Select((id, i) => (id, i == bad && !(seedBegins && i == 0) ? flaw : SeedFlaw.None))],
            OursAtStart = atStart,
            Faults = [.. Beginnings(ours, seeds, atStart, chance).Concat(DrawFaults(seed.For(ChanceUse.Faults), ourPlaces, seedPlaces, end)).OrderBy(fault => fault.At)],
            FaultsEnd = end,
        };
    }

    private static (Identifier[] Ours, Identifier[] Seeds) DrawPlaces(int ours, int seeds, Chance chance)
    {
        int[] places = [.. Enumerable.Range(1, (1 << Bits) - 1)];
        chance.Shuffle<int>(places);
        int[] drawn = places[..(ours + seeds)];
        if (chance.Happens(0.5))
        {
            // Side by side somewhere on the circle.
            Array.Sort(drawn);
            int turn = chance.Next(drawn.Length);
            drawn = [.. drawn[turn..], .. drawn[..turn]];
        }
        Identifier[] ids = [.. drawn.Select(place => Identifier.FromUInt64(Bits, (ulong)place))];
        Identifier[] ourIds = ids[seeds..];
        chance.Shuffle<Identifier>(ourIds);
        return (ourIds, ids[..seeds]);
    }

    private static NetworkOptions DrawNetwork(Chance chance) => new()
    {
        Latency = chance.Next(2) == 0
            ? new ConstantLatency(TimeSpan.FromMilliseconds(chance.Between(1, 40)))
            : new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(chance.Between(5, 80))),
        Duplication = chance.Happens(0.3) ? 0.05 : 0,
        Reordering = chance.Happens(0.3) ? 0.1 : 0,
        DeadPeersRefuse = chance.Happens(0.7),
    };

    /// <summary>Who joins in the first seconds.</summary>
    private static IEnumerable<PlannedFault> Beginnings(int ours, int seeds, int atStart, Chance chance)
    {
        for (int i = atStart; i < ours; i++)
            yield return new PlannedFault(TimeSpan.FromMilliseconds(chance.Between(200, 5000)), FaultKind.Join, i, atStart == 0 ? ours : chance.Next(ours + seeds));
        for (int i = 0; i < seeds; i++)
        {
            bool isFirst = atStart == 0 && i == 0;
            yield return new PlannedFault(isFirst ? TimeSpan.Zero : TimeSpan.FromMilliseconds(chance.Between(200, 5000)), FaultKind.Join, ours + i, chance.Next(ours + seeds));
        }
    }

    private static IEnumerable<PlannedFault> DrawFaults(Chance chance, Identifier[] ours, Identifier[] seeds, TimeSpan end)
    {
        int count = ours.Length + seeds.Length;
        TimeSpan between = TimeSpan.FromMilliseconds(chance.Between(300, 1500));
        for (TimeSpan at = FaultsBegin + chance.Exponential(between); at < end; at += chance.Exponential(between))
        {
            bool isSeed = chance.Happens(0.55);
            int seed = chance.Next(seeds.Length);
            int host = isSeed ? ours.Length + seed : chance.Happens(0.5) ? NextTo(seeds[seed], ours, chance) : chance.Next(ours.Length);
            int other = chance.Next(count);
            TimeSpan brief = TimeSpan.FromMilliseconds(chance.Between(50, 500));
            TimeSpan lasting = TimeSpan.FromMilliseconds(chance.Between(100, 6000));
            yield return chance.Next(100) switch
            {
                < 25 => new PlannedFault(at, FaultKind.Join, host, other),
                < 50 => new PlannedFault(at, FaultKind.Crash, host),
                < 70 => new PlannedFault(at, FaultKind.Restart, host, other, lasting),
                < 85 => new PlannedFault(at, FaultKind.Leave, host),
                _ => new PlannedFault(at, FaultKind.Pause, host, Lasting: isSeed ? lasting : brief),
            };
        }
    }

    /// <summary>The peer of ours right before a seed peer, or right behind it.</summary>
    private static int NextTo(Identifier seed, Identifier[] ours, Chance chance)
    {
        bool isBefore = chance.Happens(0.5);
        int nearest = 0;
        for (int i = 1; i < ours.Length; i++)
        {
            if (Distance(ours[i]) < Distance(ours[nearest]))
                nearest = i;
        }
        return nearest;

        Identifier Distance(Identifier id) => isBefore ? id.DistanceTo(seed) : seed.DistanceTo(id);
    }
}
