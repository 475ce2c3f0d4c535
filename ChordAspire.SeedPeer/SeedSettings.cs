using System.Globalization;

namespace ChordAspire.SeedPeer;

/// <summary>What a seed peer is told, by environment variables: <c>NODE_ID</c>, <c>PORT</c>, <c>SOURCE_ADDRESS</c>, <c>TARGET_ADDRESS</c>.</summary>
/// <param name="Id">0 to 63. Identifier 0 starts a ring, whatever the target.</param>
/// <param name="Port">Where it listens, on loopback.</param>
/// <param name="Address">As others reach it, <c>host:port</c>.</param>
/// <param name="Target">Whom it joins through, <c>host:port</c>.</param>
internal sealed record SeedSettings(int Id, int Port, string Address, string Target)
{
    public bool StartsRing => Id == 0;

    /// <exception cref="FormatException">A setting is missing or wrong; the message says which, and what is allowed.</exception>
    public static SeedSettings Read(IConfiguration configuration)
    {
        int id = Number(configuration, "NODE_ID", 0, SeedNode.Places - 1);
        int port = Number(configuration, "PORT", 1, 65535);
        string target = configuration["TARGET_ADDRESS"] ?? "";
        if (id != 0 && target.Length == 0)
            throw new FormatException("TARGET_ADDRESS is missing; a seed peer joins through this one, unless its NODE_ID is 0.");
        return new SeedSettings(id, port, configuration["SOURCE_ADDRESS"] is { Length: > 0 } address ? address : $"127.0.0.1:{port}", target);
    }

    private static int Number(IConfiguration configuration, string name, int min, int max) =>
        int.TryParse(configuration[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new FormatException($"{name} is '{configuration[name]}'; allowed is a whole number from {min} to {max}.");
}
