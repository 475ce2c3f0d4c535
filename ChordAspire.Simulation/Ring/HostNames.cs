using System.Globalization;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Addresses of simulated hosts: <c>peer-17</c> is the host with index 17.</summary>
internal static class HostNames
{
    private const string Prefix = "peer-";

    public static string Of(int host) => Prefix + host.ToString(CultureInfo.InvariantCulture);

    /// <summary>The host of a peer reference. Called for every message, so it reads the digits itself.</summary>
    public static int HostOf(PeerRef peer)
    {
        string address = peer.Address;
        int host = 0;
        for (int i = Prefix.Length; i < address.Length; i++)
            host = (host * 10) + (address[i] - '0');
        return host;
    }
}
