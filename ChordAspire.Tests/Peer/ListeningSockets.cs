using System.Globalization;
using System.Net;

namespace ChordAspire.Tests.Peer;

/// <summary>Where a process listens, as the kernel tells it.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";

    private static readonly string[] Families = ["tcp", "tcp6"];

    public static IReadOnlyList<IPEndPoint> Of(int processId)
    {
        HashSet<string> own = [.. Directory.EnumerateFiles($"/proc/{processId}/fd")
            .Select(descriptor => File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target["socket:[".Length..^1])];
        return [.. Families
            .SelectMany(family => File.ReadLines($"/proc/{processId}/net/{family}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == Listening && own.Contains(fields[9]))
            .Select(fields => EndPoint(fields[1]))];
    }

    /// <summary>The kernel writes an address as words of four bytes, each in the machine's own order.</summary>
    private static IPEndPoint EndPoint(string written)
    {
        string[] parts = written.Split(':');
        byte[] address = [.. Convert.FromHexString(parts[0]).Chunk(4).SelectMany(word => BitConverter.IsLittleEndian ? word.Reverse() : word)];
        return new IPEndPoint(new IPAddress(address), int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
