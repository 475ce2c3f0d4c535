using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>How peers ask each other about objects: over the ring's own network, with its losses and cuts.</summary>
public sealed partial class SimulatedStorage
{
    /// <summary>Asks a peer something about objects. The outcome is null when it is silent, no member, or another than the one asked; it comes exactly once, to the living.</summary>
    private void Ask<T>(StorageHost asker, PeerRef peer, Action<StorageHost, Action<T?>> serve, Action<T?> outcome)
    {
        bool ended = false;
        int to = HostNames.HostOf(peer);
        SimulatedPeer target = _ring.Peers[to];
        End(options.CallTimeout, default);
        if (!Passes(asker.Peer.Host, to))
            return;
        Deliver(Latency(asker.Peer.Host, to), target, () =>
        {
            if (!_hosts.TryGetValue(to, out StorageHost? asked) || !asked.IsAlive || !target.State.IsMember || target.Self.Id != peer.Id)
            {
                if (_ring.Network.DeadPeersRefuse && Passes(to, asker.Peer.Host))
                    End(Latency(to, asker.Peer.Host), default);
                return;
            }
            serve(asked, answer =>
            {
                if (Passes(to, asker.Peer.Host))
                    End(Latency(to, asker.Peer.Host), answer);
            });
        });

        void End(TimeSpan delay, T? answer) => Deliver(delay, asker.Peer, () =>
        {
            if (ended || !asker.IsAlive)
                return;
            ended = true;
            outcome(answer);
        });
    }

    /// <summary>Does something at a peer, which has to wait while its process is suspended.</summary>
    private void Deliver(TimeSpan delay, SimulatedPeer at, Action action) => _ring.After(delay, () =>
    {
        if (at.IsPaused)
            Deliver(Soon, at, action);
        else
            action();
    });

    private bool Passes(int from, int to) => !_chance.Happens(_ring.Network.Loss) && _ring.Links.Passes(from, to);

    private TimeSpan Latency(int from, int to) => _ring.Network.Latency.OneWay(from, to, _chance);
}
