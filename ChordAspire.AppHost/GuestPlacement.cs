namespace ChordAspire.AppHost;

/// <summary>Finds places for guests between those that are taken: each in the middle of the widest arc.</summary>
internal static class GuestPlacement
{
    /// <summary>A free place, never 0, which starts a ring of its own; null when there is none.</summary>
    /// <param name="taken">At least one place.</param>
    /// <param name="places">Places of the circle.</param>
    public static int? Between(IEnumerable<int> taken, long places)
    {
        int[] ring = [.. taken.Distinct().Order()];
        (long Distance, int Place)? best = null;
        for (int i = 0; i < ring.Length; i++)
        {
            long width = i + 1 < ring.Length ? ring[i + 1] - ring[i] : places - ring[i] + ring[0];
            long step = width / 2;
            if ((ring[i] + step) % places == 0)
                step = step + 1 < width ? step + 1 : step - 1;
            long distance = Math.Min(step, width - step);
            if (distance > 0 && distance > (best?.Distance ?? 0))
                best = (distance, (int)((ring[i] + step) % places));
        }
        return best?.Place;
    }
}
