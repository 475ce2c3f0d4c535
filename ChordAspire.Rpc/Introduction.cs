using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>Who answers at an address.</summary>
/// <param name="Alone">It is the only peer of its ring.</param>
public sealed record Introduction(PeerRef Self, MemberPhase Phase, bool Alone);
