namespace ChordAspire.Protocol;

/// <summary>What an observer read from one living peer.</summary>
public sealed record PeerView(PeerRef Self, MemberPhase Phase, PeerRef? Predecessor, SuccessorList Successors)
{
    public static PeerView Of(PeerState state) => new(state.Self, state.Phase, state.Predecessor, state.Successors);
}
