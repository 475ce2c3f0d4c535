using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Who stores what lies at a place: its owner, or where that is a seed peer, the next peer behind it that speaks our contract.</summary>
internal sealed class HolderLookup(LookupDriver lookups, RingCaller caller)
{
    /// <summary>The holder for an owner that a lookup has found; null when it cannot be found out now.</summary>
    /// <param name="parent">The span of the request it is for; null: it is for the peer's own housekeeping.</param>
    public async Task<PeerRef?> BehindAsync(PeerRef owner, ActivityContext? parent, CancellationToken cancellationToken)
    {
        PeerRef? holder = owner;
        for (int seeds = 0; holder is not null && caller.IsSeed(holder); seeds++)
        {
            if (seeds == SeedStretch.MaxSeeds)
                return null;
            Identifier behind = holder.Id.FingerStart(0);
            holder = parent is { } request
                ? (await lookups.LookUpAsync(behind, request, cancellationToken)).Outcome.Owner
                : (await lookups.LookUpForMaintenanceAsync(behind, contact: null, cancellationToken)).Owner;
            // Once round: there are seed peers only, or one that leads in circles.
            if (holder == owner)
                return null;
        }
        return holder;
    }
}
