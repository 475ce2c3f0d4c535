using System.Collections.Immutable;

namespace ChordAspire.Protocol;

/// <summary>
/// Does for seed peers what they do not do themselves once a neighbour has died: their housekeeping ends then for good, but they still believe who tells them of
/// another neighbour, as a leaving peer would. So they stay of use to the ring, and nobody's pointers are left on the dead.
/// </summary>
/// <remarks>A seed peer in good health puts itself right within a second or two; only what stays wrong is taught.</remarks>
internal sealed class SeedCare(ISeedCalls calls)
{
    /// <summary>Readings in a row that must find the same before a seed peer is told of a successor in place of a silent one.</summary>
    private const int ReadingsOfSilence = 2;

    /// <summary>The same, where it would find out by itself.</summary>
    private const int ReadingsOfDelay = 8;

    private const int MaxSeeds = 256;

    /// <summary>By address. Replaced as a whole: of two readings at once one may not be counted, which only puts a lesson off.</summary>
    private ImmutableDictionary<string, Pupil> _pupils = ImmutableDictionary<string, Pupil>.Empty;

    public void Forget(PeerRef seed) => _pupils = _pupils.Remove(seed.Address);

    /// <summary>Compares what a seed peer says with what was found behind it.</summary>
    /// <param name="next">The next peer alive behind the seed peer; null when there is no other.</param>
    /// <param name="nextsPredecessor">Whom that one takes for its predecessor.</param>
    /// <param name="isPatient">Whether others are to be let first, who know more of the ring.</param>
    public async Task TeachAsync(PeerRef seed, SeedPointers pointers, PeerRef? next, PeerRef? nextsPredecessor, bool isPatient = false)
    {
        bool isPassedBy = next is not null && pointers.Successor is { } farther && next.Id.IsBetween(seed.Id, farther.Id);
        PeerRef? closer = next is not null && nextsPredecessor is { } before && before.Id.IsBetween(seed.Id, next.Id) ? nextsPredecessor : isPassedBy ? next : null;
        bool isSilent = next is not null && pointers.Successor != next && !isPassedBy;
        bool isBehind = !isSilent && closer is not null;
        bool isUnknown = next is not null && nextsPredecessor != seed;
        if (isSilent)
            calls.Report(seed, pointers.Successor is { } said && said.Id.IsBetween(seed.Id, next!.Id) ? SeedFault.SilentSuccessor : SeedFault.WrongSuccessor, pointers.Successor);
        (int wrong, int unknown) = Count(seed, isSilent || isBehind, isUnknown);
        if (isSilent && wrong >= (isPatient ? ReadingsOfDelay : ReadingsOfSilence))
            await calls.UpdateSuccessorAsync(seed, next!).ConfigureAwait(false);
        else if (isBehind && wrong >= ReadingsOfDelay && await calls.PingAsync(closer!).ConfigureAwait(false) != PeerContact.Silent)
            await calls.UpdateSuccessorAsync(seed, closer!).ConfigureAwait(false);
        // The one behind it hears of it from us; where that one is a seed peer whose predecessor is silent, it could not help itself either.
        if (unknown >= ReadingsOfDelay && next is not null)
            await IntroduceAsync(next, seed).ConfigureAwait(false);
    }

    /// <summary>Tells a peer of either kind that another may be its predecessor; a seed peer also where its predecessor is silent, which it would never notice.</summary>
    public async Task IntroduceAsync(PeerRef peer, PeerRef candidate)
    {
        if (await calls.PingAsync(peer).ConfigureAwait(false) != PeerContact.Seed)
        {
            await calls.TellPredecessorAsync(peer, candidate).ConfigureAwait(false);
            return;
        }
        SeedReply told = await calls.GetPredecessorAsync(peer).ConfigureAwait(false);
        if (!told.IsAnswered || told.Peer == candidate)
            return;
        if (told.Peer is not { } former || former.Id == peer.Id || candidate.Id.IsBetween(former.Id, peer.Id))
            await calls.NotifySeedAsync(peer, candidate).ConfigureAwait(false);
        else if (await calls.PingAsync(former).ConfigureAwait(false) == PeerContact.Silent)
            await calls.UpdatePredecessorAsync(peer, candidate).ConfigureAwait(false);
    }

    /// <summary>How many readings in a row it was wrong, and unknown to the peer behind it.</summary>
    private (int Wrong, int Unknown) Count(PeerRef seed, bool isWrong, bool isUnknown)
    {
        ImmutableDictionary<string, Pupil> known = _pupils;
        Pupil? pupil = known.GetValueOrDefault(seed.Address);
        pupil = new Pupil(isWrong ? (pupil?.Wrong ?? 0) + 1 : 0, isUnknown ? (pupil?.Unknown ?? 0) + 1 : 0);
        _pupils = (known.Count < MaxSeeds ? known : known.Clear()).SetItem(seed.Address, pupil);
        return (pupil.Wrong, pupil.Unknown);
    }

    private sealed record Pupil(int Wrong, int Unknown);
}
