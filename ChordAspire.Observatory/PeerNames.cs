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

    /// <summary>Grows with each name that is learned.</summary>
    public int Version { get; private set; }

    public void Learn(string? name, string? address)
    {
        if (name is null || address is null || _byAddress.Count >= MaxNames || GivenTo(address) == name)
            return;
        _byAddress[address] = name;
        Version++;
    }

    public string Of(PeerRef peer) => GivenTo(peer) ?? peer.Id.ToBriefString();

    /// <summary>The name that the AppHost knows it by; null where it knows none.</summary>
    public string? GivenTo(PeerRef peer) => GivenTo(peer.Address);

    private string? GivenTo(string address) => _byAddress.GetValueOrDefault(address);
}
