using System.Numerics;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// The invariant and the contract for rings of a few places, by bits: a fraction of what <see cref="InvariantChecker"/> takes, which names what
/// is wrong.
/// </summary>
internal sealed class SmallInvariant(SmallCircle circle, LocalStates locals)
{
    /// <summary>Whether nothing is wrong: the same as that <see cref="InvariantChecker.Check"/> finds nothing.</summary>
    public bool Holds(ulong ring)
    {
        Span<sbyte> best = stackalloc sbyte[SmallCircle.PlacesMax];
        int living = LivingIn(ring);
        int skipped = 0;
        for (int left = living; left != 0; left &= left - 1)
        {
            int place = BitOperations.TrailingZeroCount(left);
            int cell = circle.CellAt(ring, place);
            ref readonly CellFacts facts = ref locals.FactsOf(cell);
            int successor = BestSuccessor(facts, place, living);
            if (successor == CellFacts.None || !facts.IsListSound)
                return false;
            best[place] = (sbyte)successor;
            skipped |= circle.Placed(facts.Skips, place);
        }
        int count = BitOperations.PopCount((uint)living);
        bool hasPrincipals = count <= ExhaustiveCheck.SuccessorListLength
            || BitOperations.PopCount((uint)(living & ~skipped)) > ExhaustiveCheck.SuccessorListLength;
        return hasPrincipals && IsOneRingInOrder(living, best);
    }

    /// <summary>Whether the contract allows that a failure leaves this ring behind.</summary>
    public bool MayBeLeft(ulong ring, bool countsPrincipals)
    {
        int living = LivingIn(ring);
        int skipped = 0;
        for (int left = living; left != 0; left &= left - 1)
        {
            int place = BitOperations.TrailingZeroCount(left);
            ref readonly CellFacts facts = ref locals.FactsOf(circle.CellAt(ring, place));
            if (!Lives(facts.First, place, living) && !Lives(facts.Second, place, living))
                return false;
            skipped |= circle.Placed(facts.Skips, place);
        }
        return countsPrincipals ? BitOperations.PopCount((uint)(living & ~skipped)) > ExhaustiveCheck.SuccessorListLength : living != 0;
    }

    /// <summary>The place of the first living successor of the peer at this place; a peer alone is its own.</summary>
    public int BestSuccessor(in CellFacts facts, int place, int living)
    {
        if (Lives(facts.First, place, living))
            return circle.At(place, facts.First);
        return Lives(facts.Second, place, living) ? circle.At(place, facts.Second) : facts.IsAlone ? place : CellFacts.None;
    }

    /// <summary>A bit for each place with a member.</summary>
    public int LivingIn(ulong ring)
    {
        int living = 0;
        for (int place = 0; place < circle.Places; place++)
            living |= circle.CellAt(ring, place) == 0 ? 0 : 1 << place;
        return living;
    }

    /// <summary>What the members know, for whoever names what is wrong.</summary>
    public PeerState[] MembersOf(ulong ring) =>
    [
        .. from place in Enumerable.Range(0, circle.Places)
           where circle.CellAt(ring, place) != 0
           select locals.StateAt(circle.CellAt(ring, place), place),
    ];

    private bool Lives(int distance, int place, int living) => distance != CellFacts.None && (living >> circle.At(place, distance) & 1) != 0;

    /// <summary>
    /// Everybody has a successor, so all paths end in rings: it is one ring in order if on it each one's successor is the next one of it.
    /// </summary>
    private bool IsOneRingInOrder(int living, ReadOnlySpan<sbyte> best)
    {
        int onRings = living;
        for (int step = 0; step < circle.Places; step++)
        {
            int reached = 0;
            for (int left = onRings; left != 0; left &= left - 1)
                reached |= 1 << best[BitOperations.TrailingZeroCount(left)];
            if (reached == onRings)
                break;
            onRings = reached;
        }
        for (int left = onRings; left != 0; left &= left - 1)
        {
            int place = BitOperations.TrailingZeroCount(left);
            int behind = circle.Seen(onRings, place) & ~1;
            int next = behind == 0 ? place : circle.At(place, BitOperations.TrailingZeroCount(behind));
            if (best[place] != next)
                return false;
        }
        return true;
    }
}
