using System.Globalization;
using ChordAspire.Rpc;

namespace ChordAspire.Observatory;

/// <summary>Where the page finds the ring, and who started it. Everything but the addresses is optional.</summary>
internal sealed record ObservatoryOptions
{
    private const int MaxAddresses = 1000;

    /// <summary>Where the page listens, on loopback. <c>PORT</c>, default 15080; 0 takes a free one.</summary>
    public required int Port { get; init; }

    /// <summary>
    /// Peers to begin with, separated by commas, each <c>host:port</c> or <c>name=host:port</c>. <c>Observatory:Peers</c>, default <c>127.0.0.1:50051</c>. The
    /// others are found from these.
    /// </summary>
    public required IReadOnlyList<StartPeer> Peers { get; init; }

    /// <summary>Of the Aspire dashboard, to link to traces. <c>Observatory:Dashboard</c>, default none.</summary>
    public required Uri? Dashboard { get; init; }

    /// <summary>Where the AppHost takes commands, on loopback. <c>Observatory:Commands</c>, default none: then there are no buttons.</summary>
    public required Uri? Commands { get; init; }

    /// <summary>Proves to the AppHost that it started this page. <c>Observatory:CommandToken</c>.</summary>
    public required string? CommandToken { get; init; }

    public static bool TryRead(IConfiguration configuration, out ObservatoryOptions? options, out string? error)
    {
        (options, error) = (null, null);
        if (!ushort.TryParse(configuration["PORT"] is { Length: > 0 } given ? given : "15080", NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            error = $"PORT is '{configuration["PORT"]}'; allowed is a whole number from 0 to 65535.";
        var peers = new List<StartPeer>();
        foreach (string entry in (configuration["Observatory:Peers"] is { Length: > 0 } list ? list : "127.0.0.1:50051").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int sign = entry.IndexOf('=', StringComparison.Ordinal);
            string address = entry[(sign + 1)..];
            if (!PeerAddress.IsWellFormed(address) || peers.Count == MaxAddresses)
                error = $"Observatory:Peers names '{address}'; allowed are up to {MaxAddresses} addresses of the form host:port or name=host:port, separated by commas.";
            peers.Add(new StartPeer(sign > 0 ? entry[..sign] : null, address));
        }
        Uri? dashboard = Address(configuration, "Observatory:Dashboard", ref error);
        Uri? commands = Address(configuration, "Observatory:Commands", ref error);
        if (error is not null)
            return false;
        options = new ObservatoryOptions { Port = port, Peers = peers, Dashboard = dashboard, Commands = commands, CommandToken = configuration["Observatory:CommandToken"] };
        return true;
    }

    private static Uri? Address(IConfiguration configuration, string name, ref string? error)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            return address;
        error = $"{name} is '{text}'; allowed is an address that begins with http:// or https://.";
        return null;
    }
}

/// <summary>A peer that is known from the start.</summary>
/// <param name="Name">As the AppHost calls it; null where nobody said.</param>
internal sealed record StartPeer(string? Name, string Address);
