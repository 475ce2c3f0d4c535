using System.Globalization;
using System.Text;

namespace ChordAspire.Rpc;

/// <summary>An address as peers advertise it: <c>host:port</c>, without a scheme.</summary>
public static class PeerAddress
{
    /// <summary>Whether it is <c>host:port</c>, with a port from 1 to 65535 and at most 255 bytes.</summary>
    public static bool IsWellFormed(string? address)
    {
        if (string.IsNullOrEmpty(address) || Encoding.UTF8.GetByteCount(address) > RingLimits.MaxAddressBytes)
            return false;
        int colon = address.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            && port > 0
            && Uri.CheckHostName(address[..colon]) switch
            {
                UriHostNameType.Dns or UriHostNameType.IPv4 => true,
                // Without brackets the port could as well be part of the address.
                UriHostNameType.IPv6 => address[0] == '[',
                _ => false,
            };
    }

    /// <summary>The gRPC target of an address: HTTP/2 without TLS.</summary>
    public static Uri ToUri(string address) => new($"http://{address}");
}
