using System.Collections.Concurrent;
using ChordAspire.Protocol;

namespace ChordAspire.Observatory;

/// <summary>What people call the peers: the AppHost's names where it told them, identifiers otherwise.</summary>
internal sealed class PeerNames
{
    private const int MaxNames = 4096;

    private readonly ConcurrentDictionary<string, string> _byAddress = new();

    public PeerNames(ObservatoryOptions options)
    {
        foreach (StartPeer peer in options.Peers)
            Learn(peer.Name, peer.Address);
    }

    public void Learn(string? name, string? address)
    {
        if (name is not null && address is not null && _byAddress.Count < MaxNames)
            _byAddress[address] = name;
    }

    public string Of(PeerRef peer) => _byAddress.GetValueOrDefault(peer.Address) ?? peer.Id.ToBriefString();

    /// <summary>The name that the AppHost knows it by; null where it knows none.</summary>
    public string? GivenTo(PeerRef peer) => _byAddress.GetValueOrDefault(peer.Address);
}
