namespace ChordAspire.Simulation;

/// <summary>How long peers stay.</summary>
/// <param name="Name">The kind of distribution.</param>
/// <param name="Mean">Of whole sessions.</param>
/// <param name="Draw">A whole session.</param>
/// <param name="DrawRest">What is left of the session of a peer that is met at a random moment: such a one is more likely in a long session than in
/// a short one.</param>
public sealed record Sessions(string Name, TimeSpan Mean, Func<Chance, TimeSpan> Draw, Func<Chance, TimeSpan> DrawRest)
{
    /// <summary>Without memory: who has stayed long stays no longer.</summary>
    public static Sessions Exponential(TimeSpan mean) => new("exponential", mean, chance => chance.Exponential(mean), chance => chance.Exponential(mean));

    /// <summary>
    /// Weibull of shape 0.5: many short sessions and some very long ones. Measured ones have shapes of 0.34 to 0.59 (Stutzbach and Rejaie, IMC 2006).
    /// </summary>
    /// <remarks>
    /// Of this shape the mean is twice the scale, and a session is the scale times the square of a standard exponential. Weighted by its length it
    /// is the scale times the square of the
    /// sum of three of them, of which a uniform part is left: so the ring is in its steady state from the beginning.
    /// </remarks>
    public static Sessions HeavyTailed(TimeSpan mean) => new(
        "Weibull",
        mean,
        chance => chance.Weibull(Shape, mean / 2),
        chance =>
        {
            double sum = chance.StandardExponential() + chance.StandardExponential() + chance.StandardExponential();
            return mean / 2 * (sum * sum) * chance.NextDouble();
        });

    private const double Shape = 0.5;
}
