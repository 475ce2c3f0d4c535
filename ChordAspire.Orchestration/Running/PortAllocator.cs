using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>Chooses ports for endpoints that were given none, below the range from which the kernel serves clients.</summary>
internal sealed class PortAllocator(IConfiguration configuration)
{
    private const string RangeKey = "ASPIRE_PROXYLESS_ENDPOINT_PORT_RANGE";
    private const int LowestDefault = 10_000;
    private const int HighestDefault = 32_767;
    private const int TriesMax = 500;

    // Shared by all applications of this process: two that start at once must not choose the same port.
    private static readonly Lock TakenLock = new();
    private static readonly HashSet<int> Taken = [];

    internal int Allocate()
    {
        (int lowest, int highest) = Range();
        lock (TakenLock)
        {
            for (int tries = 0; tries < TriesMax; tries++)
            {
                int port = RandomNumberGenerator.GetInt32(lowest, highest + 1);
                if (!Taken.Contains(port) && IsFree(port))
                {
                    Taken.Add(port);
                    return port;
                }
            }
        }

        throw new DistributedApplicationException($"No free port was found between {lowest} and {highest} in {TriesMax} tries.");
    }

    internal static void Release(IEnumerable<int> ports)
    {
        lock (TakenLock)
            Taken.ExceptWith(ports);
    }

    /// <summary>Whether a process could listen on the port now, on every loopback address there is.</summary>
    internal static bool IsFree(int port) =>
        CanBind(new IPEndPoint(IPAddress.Loopback, port)) && (!Socket.OSSupportsIPv6 || CanBind(new IPEndPoint(IPAddress.IPv6Loopback, port)));

    private static bool CanBind(IPEndPoint address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As servers do: connections of a process that has just ended do not count.
            if (!OperatingSystem.IsWindows())
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(address);
            return true;
        }
        catch (SocketException refusal)
        {
            // A machine may have IPv6 compiled in and no such address.
            return refusal.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }

    private (int Lowest, int Highest) Range()
    {
        if (configuration[RangeKey] is not { Length: > 0 } text)
            return (LowestDefault, HighestDefault);
        string[] ends = text.Split('-');
        return ends.Length == 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int lowest)
            && int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out int highest)
            && lowest is > 0 && lowest <= highest && highest <= ushort.MaxValue
            ? (lowest, highest)
            : throw new DistributedApplicationException($"{RangeKey} is '{text}'; it must be like '10000-32767', between 1 and 65535.");
    }
}
