using System.Collections.Immutable;

namespace ChordAspire.Simulation;

/// <summary>Makes a plan smaller as long as it violates the same thing: fewer faults, no lookups, a better network, fewer peers.</summary>
public static class PlanShrinker
{
    /// <summary>Runs tried at the most.</summary>
    private const int RunsMax = 4000;

    public static RunPlan Shrink(RunPlan plan, RunRules rules)
    {
        if (PlanRun.Run(plan, rules).Violation is not { } violation)
            throw new ArgumentException($"Seed {plan.Seed} violates nothing: there is nothing to shrink.", nameof(plan));
        int runs = 0;
        bool StillFails(RunPlan smaller) => runs++ < RunsMax && PlanRun.Run(smaller, rules).Violation?.Kind == violation.Kind;
        RunPlan best = plan;
        bool progress = true;
        while (progress)
        {
            RunPlan before = best;
            best = Simplify(best, StillFails);
            best = best with { Faults = Minimizer.Minimize(best.Faults, faults => StillFails(best with { Faults = faults })) };
            best = DropPeers(best, StillFails);
            progress = best != before && runs < RunsMax;
        }
        return best;
    }

    private static RunPlan Simplify(RunPlan plan, Func<RunPlan, bool> stillFails)
    {
        RunPlan best = plan;
        foreach (RunPlan simpler in (ReadOnlySpan<RunPlan>)
        [
            best with { LookupEvery = null },
            best with { LookupEvery = null, Network = best.Network with { Duplication = 0 } },
            best with { LookupEvery = null, Network = best.Network with { Duplication = 0, Reordering = 0 } },
            best with { LookupEvery = null, Network = best.Network with { Duplication = 0, Reordering = 0, Loss = 0 } },
            best with { LookupEvery = null, Network = new NetworkOptions { DeadPeersRefuse = true } },
        ])
        {
            if (simpler != best && stillFails(simpler))
                best = simpler;
        }
        RunPlan withRightClocks = best with { ClockRates = [] };
        return !best.ClockRates.IsEmpty && stillFails(withRightClocks) ? withRightClocks : best;
    }

    /// <summary>Drops peers that no fault names, or all that name them with them; those behind move up by one.</summary>
    private static RunPlan DropPeers(RunPlan plan, Func<RunPlan, bool> stillFails)
    {
        RunPlan best = plan;
        for (int host = best.Peers.Length - 1; host >= 0; host--)
        {
            int dropped = host;
            bool wasAtStart = host < best.PeersAtStart;
            if (wasAtStart && best.PeersAtStart <= best.Parameters.SuccessorListLength + 1)
                continue;
            RunPlan smaller = best with
            {
                Peers = best.Peers.RemoveAt(host),
                ClockRates = best.ClockRates.IsEmpty ? [] : best.ClockRates.RemoveAt(host),
                PeersAtStart = best.PeersAtStart - (wasAtStart ? 1 : 0),
                Faults = [.. best.Faults.Where(fault => fault.Host != dropped).Select(fault => fault with { Host = Moved(fault.Host), Other = Moved(fault.Other) })],
            };
            if (smaller.Peers.Length > 1 && stillFails(smaller))
                best = smaller;

            int Moved(int old) => old > dropped ? old - 1 : old == dropped ? 0 : old;
        }
        return best;
    }
}

/// <summary>Delta debugging (Zeller and Hildebrandt, <i>Simplifying and isolating failure-inducing input</i>, IEEE TSE 2002): drops pieces, then smaller ones.</summary>
internal static class Minimizer
{
    public static ImmutableArray<T> Minimize<T>(ImmutableArray<T> all, Func<ImmutableArray<T>, bool> stillFails)
    {
        ImmutableArray<T> best = all;
        for (int piece = Math.Max(1, best.Length / 2); best.Length > 0; piece /= 2)
        {
            for (int at = best.Length - piece; at >= -piece + 1; at -= piece)
            {
                int from = Math.Max(0, at);
                int count = Math.Min(piece, best.Length - from);
                if (count <= 0)
                    continue;
                ImmutableArray<T> smaller = best.RemoveRange(from, count);
                if (stillFails(smaller))
                    best = smaller;
            }
            if (piece == 1)
                break;
        }
        return best;
    }
}
