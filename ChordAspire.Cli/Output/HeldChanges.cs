using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>
/// Which peers hold other objects than before. Told once it has been the same for a moment, and now and then where it goes on changing: a file with its
/// copies, or a repair, is a line for each peer, not one for each object.
/// </summary>
/// <param name="interval">From one look to the next.</param>
internal sealed class HeldChanges(TimeSpan interval)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NowAndThen = TimeSpan.FromSeconds(10);

    private readonly Dictionary<PeerRef, Watched> _peers = [];

    /// <summary>What is to be told after a look.</summary>
    public IEnumerable<RingChange> After(RingReading ring, DateTimeOffset time)
    {
        foreach (PeerRef gone in _peers.Keys.Except(ring.Peers.Select(peer => peer.Self)).ToArray())
            _peers.Remove(gone);
        foreach (PeerReading peer in ring.Peers)
        {
            // Of one that is silent, or does not tell, nothing is known, which is no change.
            if (HeldCount.Of(peer) is not { } held)
                continue;
            if (!_peers.TryGetValue(peer.Self, out Watched? watched))
            {
                _peers.Add(peer.Self, new Watched(held));
                continue;
            }
            watched.See(held, time);
            if (watched.IsDue(time, interval) && watched.Tell(peer.Self, time) is { } change)
                yield return change;
        }
    }

    /// <summary>What has not been told yet when the watch ends.</summary>
    public IEnumerable<RingChange> AtTheEnd(DateTimeOffset time) =>
        _peers.Select(peer => peer.Value.Tell(peer.Key, time)).OfType<RingChange>();

    private sealed class Watched(HeldCount first)
    {
        private HeldCount _told = first;
        private HeldCount _seen = first;
        private DateTimeOffset _changed;
        private DateTimeOffset? _since;

        public void See(HeldCount held, DateTimeOffset time)
        {
            if (held == _seen)
                return;
            _seen = held;
            _changed = time;
            _since ??= time;
        }

        /// <summary>Whoever looks seldom has waited long enough. A clock that was set back keeps nothing waiting.</summary>
        public bool IsDue(DateTimeOffset time, TimeSpan interval) =>
            _since is { } since && (interval >= Moment || (time - _changed).Duration() >= Moment || (time - since).Duration() >= NowAndThen);

        /// <summary>Null where it came back to what it was.</summary>
        public RingChange? Tell(PeerRef peer, DateTimeOffset time)
        {
            HeldCount former = _told;
            _told = _seen;
            _since = null;
            return former == _told ? null : new RingChange(time, "objects", peer, $"{_told}, were {former}", _told);
        }
    }
}
