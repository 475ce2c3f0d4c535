namespace ChordAspire.Protocol;

/// <summary>What a seed peer says of its neighbours.</summary>
/// <param name="Predecessor">Null when it knows none, or names itself under whatever identifier.</param>
/// <param name="Successor">Null when it names itself, or does not say.</param>
internal sealed record SeedPointers(PeerRef? Predecessor, PeerRef? Successor)
{
    /// <summary>Asks a seed peer; null when it is silent.</summary>
    public static async Task<SeedPointers?> ReadAsync(ISeedCalls calls, PeerRef seed)
    {
        Task<SeedReply> askedPredecessor = calls.GetPredecessorAsync(seed);
        // Whose place begins right behind its own is its successor: in every reading of the contract, and answered from what it knows itself.
        SeedReply successor = await calls.FindSuccessorAsync(seed, seed.Id.FingerStart(0)).ConfigureAwait(false);
        SeedReply predecessor = await askedPredecessor.ConfigureAwait(false);
        return predecessor.IsAnswered ? new SeedPointers(Other(predecessor, seed), Other(successor, seed)) : null;
    }

    /// <summary>A seed peer is one peer: another place at its own address is nobody else, and one that names them leads nowhere.</summary>
    private static PeerRef? Other(SeedReply reply, PeerRef seed) => reply.Peer is { } peer && peer.Id != seed.Id && peer.Address != seed.Address ? peer : null;
}
