using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Draws a small run from a seed: 6 to 12 peers if not told otherwise, r 2 or 3, and some seconds of churn on a network that is worse or better.
/// </summary>
public static class PlanDrawer
{
    private const int Bits = 8;
    private const double ClockErrorMax = 0.05;
    private static readonly TimeSpan CrowdEvery = TimeSpan.FromSeconds(3);

    /// <summary>The plan of this seed.</summary>
    public static RunPlan Draw(Seed seed) => Draw(seed, PlanSizes.Default);

    /// <summary>The plan of this seed for so many peers.</summary>
    public static RunPlan Draw(Seed seed, PlanSizes sizes)
    {
        Chance chance = seed.For(ChanceUse.Plan);
        int length = chance.Between(2, 3);
        int peers = chance.Between(sizes.Min, sizes.Max);
        // A peer alone at the beginning: the ring forms under observation.
        int atStart = chance.Happens(0.1) ? 1 : chance.Between(length + 1, peers - 1);
        bool isHarsh = chance.Happens(0.15);
        TimeSpan end = TimeSpan.FromSeconds(chance.Between(6, 14));
        return new RunPlan
        {
            Seed = seed,
            Sizes = sizes,
            Parameters = new ChordParameters(Bits, length),
            Peers = [.. DrawPlaces(peers, chance)],
            PeersAtStart = atStart,
            Network = DrawNetwork(chance),
            Timings = new PeerTimings { HandOver = chance.Happens(0.5) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(chance.Between(1, 500)) },
            Faults = DrawFaults(seed.For(ChanceUse.Faults), peers, end, isHarsh),
            FaultsEnd = end,
            LookupEvery = TimeSpan.FromMilliseconds(400),
            IgnoresContract = isHarsh,
            ClockRates = DrawClocks(peers, chance),
        };
    }

    private static IEnumerable<Identifier> DrawPlaces(int count, Chance chance)
    {
        int[] places = [.. Enumerable.Range(0, 1 << Bits)];
        chance.Shuffle<int>(places);
        return places.Take(count).Select(place => Identifier.FromUInt64(Bits, (ulong)place));
    }

    /// <summary>In every other run no two clocks agree: each is up to 5 % fast or slow.</summary>
    private static ImmutableArray<double> DrawClocks(int count, Chance chance) =>
        chance.Happens(0.5) ? [.. Enumerable.Range(0, count).Select(_ => 1 + (ClockErrorMax * ((2 * chance.NextDouble()) - 1)))] : [];

    private static NetworkOptions DrawNetwork(Chance chance) => new()
    {
        Latency = chance.Next(3) switch
        {
            0 => new ConstantLatency(TimeSpan.FromMilliseconds(chance.Between(1, 60))),
            1 => new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(chance.Between(20, 120))),
            _ => new UniformLatency(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(190)),
        },
        Loss = chance.Happens(0.2) ? 0.01 : 0,
        Duplication = chance.Happens(0.3) ? 0.05 : 0,
        Reordering = chance.Happens(0.5) ? 0.1 : 0,
        DeadPeersRefuse = chance.Happens(0.7),
    };

    private static ImmutableArray<PlannedFault> DrawFaults(Chance chance, int peers, TimeSpan end, bool isHarsh)
    {
        var faults = ImmutableArray.CreateBuilder<PlannedFault>();
        bool hasCrowds = chance.Happens(0.4);
        TimeSpan between = TimeSpan.FromMilliseconds(chance.Between(150, 800));
        for (TimeSpan at = chance.Exponential(between); at < end; at += chance.Exponential(between))
            faults.Add(DrawFault(at, chance, peers, isHarsh));
        for (TimeSpan at = chance.Exponential(CrowdEvery); hasCrowds && at < end; at += chance.Exponential(CrowdEvery))
            AddCrowd(at, end, faults, chance, peers);
        faults.Sort((one, other) => one.At.CompareTo(other.At));
        return faults.DrainToImmutable();
    }

    /// <summary>Several peers join at the same moment, and fail at the same moment soon after: what all the lists say of them goes stale at once.</summary>
    private static void AddCrowd(TimeSpan at, TimeSpan end, ImmutableArray<PlannedFault>.Builder faults, Chance chance, int peers)
    {
        int first = chance.Next(peers);
        int size = chance.Between(2, 4);
        TimeSpan staying = TimeSpan.FromMilliseconds(chance.Between(500, 3000));
        for (int i = 0; i < size; i++)
        {
            int host = (first + i) % peers;
            faults.Add(new PlannedFault(at, FaultKind.Join, host, chance.Next(peers)));
            if (at + staying < end)
                faults.Add(new PlannedFault(at + staying, FaultKind.Crash, host));
        }
    }

    private static PlannedFault DrawFault(TimeSpan at, Chance chance, int peers, bool isHarsh)
    {
        int host = chance.Next(peers);
        int other = (host + chance.Between(1, peers - 1)) % peers;
        int kind = chance.Next(100);
        TimeSpan brief = TimeSpan.FromMilliseconds(chance.Between(50, 500));
        TimeSpan lasting = TimeSpan.FromMilliseconds(chance.Between(200, 5000));
        return kind switch
        {
            < 40 => new PlannedFault(at, FaultKind.Join, host, other),
            < 60 => new PlannedFault(at, FaultKind.Crash, host),
            < 75 => new PlannedFault(at, FaultKind.Restart, host, other, brief),
            < 87 => new PlannedFault(at, FaultKind.Leave, host),
            < 92 => new PlannedFault(at, FaultKind.Pause, host, Lasting: isHarsh ? lasting : brief),
            < 95 => new PlannedFault(at, FaultKind.Hold, host, other, isHarsh ? lasting : brief / 2),
            _ when !isHarsh => new PlannedFault(at, FaultKind.Join, host, other),
            95 => new PlannedFault(at, FaultKind.CutBothWays, host, other, lasting),
            96 or 97 => new PlannedFault(at, FaultKind.CutOneWay, host, other, lasting),
            _ => new PlannedFault(at, FaultKind.Partition, host, other, lasting),
        };
    }
}
