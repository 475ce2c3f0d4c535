using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Makes the smallest script of a run that still violates the same thing within the contract, and tells it as a transcript.</summary>
internal sealed class ScriptShrinker(string ring, ViolationKind kind, RunRules rules)
{
    /// <summary>The transcript; null where the script does not show the violation, since scripts know no time.</summary>
    public Transcript? Shrink(ImmutableArray<string> commands)
    {
        if (CommandsUntilViolation(commands) is not { } needed)
            return null;
        ImmutableArray<string> smallest = Minimizer.Minimize(commands[..needed], fewer => CommandsUntilViolation(fewer) is not null);
        // What was left out may have been in vain before: only what does something stays.
        smallest = [.. Carried(smallest)];
        return new Transcript($"# {kind}, made small by the shrinker.\n{ring}\n{string.Join('\n', smallest)}\nshow").Replay(rules.Rules);
    }

    private int? CommandsUntilViolation(ImmutableArray<string> commands)
    {
        rules.Cancellation.ThrowIfCancellationRequested();
        var script = new RingScript(rules.Rules);
        script.Run([ring]);
        var checker = new InvariantChecker(script.Ring.Parameters.SuccessorListLength);
        for (int i = 0; i < commands.Length; i++)
        {
            if (!MayHappen(script.Ring, commands[i]))
                return null;
            if (TryRun(script, commands[i]) && checker.Check([.. script.Ring.Members])?.Kind == kind)
                return i + 1;
        }
        return null;
    }

    private IEnumerable<string> Carried(ImmutableArray<string> commands)
    {
        var script = new RingScript(rules.Rules);
        script.Run([ring]);
        return [.. commands.Where(command => TryRun(script, command))];
    }

    /// <summary>A script that lost a part may say things that make no sense any more: they are passed over.</summary>
    private static bool TryRun(RingScript script, string command)
    {
        try
        {
            script.Run([command]);
            return true;
        }
        catch (Exception senseless) when (senseless is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether the contract allows what the command does: a failure that it forbids proves nothing.</summary>
    private bool MayHappen(InMemoryRing living, string command)
    {
        string[] words = command.Split(' ');
        bool ends = words[0] == "fail" || (words[0] == "deliver" && words[1] == "handover");
        if (!ends || !ulong.TryParse(words[^1], out ulong number) || !living.IsLiving(number))
            return true;
        PeerRef gone = living.Ref(number);
        List<PeerRef> left = [.. living.Members.Select(state => state.Self).Where(member => member != gone)];
        List<(PeerRef, SuccessorList)> lists =
        [
            .. living.Members.Where(state => state.Self != gone).Select(state => (state.Self, state.Successors)),
            .. from pair in living.OutcomesUnderWay
               where pair.Asker.Self != gone && pair.Outcome is ChordEvent.NeighborsTold or ChordEvent.NeighborsNotTold
               select (pair.Asker.Self, ContractRules.ListAfter(pair.Asker, pair.Outcome)),
        ];
        return ContractRules.BreachOf(left, lists, living.Parameters.SuccessorListLength, rules.ContractCountsPrincipals) is null;
    }
}
