using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>Outcome of one event: the next state, and what is to be done.</summary>
public readonly record struct Step(PeerState State, ImmutableArray<Effect> Effects)
{
    public static Step Stay(PeerState state) => new(state, []);

    public static Step Then(PeerState state, params ReadOnlySpan<Effect> effects) => new(state, [.. effects]);

    /// <summary>This step with more to do behind it.</summary>
    public Step And(params ReadOnlySpan<Effect> effects) => this with { Effects = Effects.AddRange(effects) };
}
