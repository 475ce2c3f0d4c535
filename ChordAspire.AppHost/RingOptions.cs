using System.Globalization;
using System.Numerics;

namespace ChordAspire.AppHost;

/// <summary>How large the ring is. From configuration, <c>Ring:*</c>, and so also as arguments: <c>-- --Ring:Peers 16</c>.</summary>
internal sealed record RingOptions
{
    /// <summary>Peers started with the application. <c>Ring:Peers</c>, 1 to 200, default 8.</summary>
    public required int Peers { get; init; }

    /// <summary>Peers that start when asked to. <c>Ring:SparePeers</c>, 0 to 100, default 2.</summary>
    public required int SparePeers { get; init; }

    /// <summary>Width of the identifiers. <c>Ring:IdBits</c>, 1 to 160, default 160.</summary>
    public required int IdBits { get; init; }

    /// <summary>gRPC port of the first peer; the others follow. <c>Ring:BasePort</c>, default 50051; 0 takes whatever ports are free.</summary>
    public required int BasePort { get; init; }

    /// <summary>Program to run instead of the built peer, such as a published native one. <c>Ring:PeerExecutable</c>, default none.</summary>
    public required string? PeerExecutable { get; init; }

    /// <summary>
    /// Where the peers keep their objects, each in a folder of its own. <c>Ring:Directory</c>, default <c>.ring</c> beside the AppHost. Objects of a ring of
    /// another width lie at other places, so that such a ring has a folder beside it.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>Identifiers, decimal or 0x-hexadecimal, separated by commas, one for each peer and spare. <c>Ring:NodeIds</c>; default evenly spread.</summary>
    public required IReadOnlyList<string> NodeIds { get; init; }

    /// <summary>The first seed peer starts the ring, and ours join it. <c>Ring:SeedStartsRing</c>, default false.</summary>
    public required bool SeedStartsRing { get; init; }

    /// <summary>Who takes part beside our peers: seed peers, then external programs.</summary>
    public required IReadOnlyList<GuestPlace> Guests { get; init; }

    /// <summary>Whether the ring page is there. <c>Ring:Page</c>, default true.</summary>
    public required bool HasPage { get; init; }

    /// <summary>Where the ring page listens, on loopback. <c>Ring:PagePort</c>, default 15080; 0, and where the peers take free ports, takes a free one.</summary>
    public required int? PagePort { get; init; }

    /// <param name="appHostDirectory">What relative paths begin at.</param>
    public static RingOptions Read(IConfiguration configuration, string appHostDirectory)
    {
        int peers = Number(configuration, "Ring:Peers", 8, 1, 200);
        int spares = Number(configuration, "Ring:SparePeers", 2, 0, 100);
        int bits = Number(configuration, "Ring:IdBits", 160, 1, 160);
        string? executable = configuration["Ring:PeerExecutable"] is { Length: > 0 } path ? Path.GetFullPath(path) : null;
        if (executable is not null && !File.Exists(executable))
            throw new DistributedApplicationException($"Ring:PeerExecutable is '{executable}', which does not exist; name a built or published ChordAspire.Peer.");
        int seeds = Number(configuration, "Ring:SeedPeers", 0, 0, GuestReader.MaxSeedPeers);
        bool seedStartsRing = Flag(configuration, "Ring:SeedStartsRing");
        if (seedStartsRing && seeds == 0)
            throw new DistributedApplicationException("Ring:SeedStartsRing is true and Ring:SeedPeers is 0; a seed peer is needed to start the ring.");
        string[] ids = List(configuration, "Ring:NodeIds");
        if (ids.Length > 0 && ids.Length != peers + spares)
            throw new DistributedApplicationException($"Ring:NodeIds has {ids.Length} identifiers for {peers} peers and {spares} spares; name one for each, or none.");
        if (ids.Length == 0)
            ids = seedStartsRing ? Spread(peers + 1, spares, bits)[1..] : Spread(peers, spares, bits);
        int basePort = Number(configuration, "Ring:BasePort", 50051, 0, 65535 - peers - spares - seeds);
        IReadOnlyList<GuestPlace> guests = new GuestReader(configuration, bits, basePort == 0 ? null : basePort + peers + spares).Read(seeds, seedStartsRing, ids);
        return new RingOptions
        {
            Peers = peers,
            SparePeers = spares,
            IdBits = bits,
            BasePort = basePort,
            PeerExecutable = executable,
            Directory = Path.Combine(appHostDirectory, configuration["Ring:Directory"] is { Length: > 0 } directory ? directory : ".ring", bits == 160 ? "" : $"{bits}-bit"),
            NodeIds = ids,
            SeedStartsRing = seedStartsRing,
            Guests = guests,
            HasPage = Flag(configuration, "Ring:Page", otherwise: true),
            PagePort = Number(configuration, "Ring:PagePort", basePort == 0 ? 0 : 15080, 0, 65535) is > 0 and int pagePort ? pagePort : null,
        };
    }

    /// <summary>Values separated by commas.</summary>
    public static string[] List(IConfiguration configuration, string name) =>
        (configuration[name] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Where and as whom the peer with this number runs.</summary>
    public PeerPlace Place(int number) =>
        new(NodeIds[number], IdBits, BasePort == 0 ? null : BasePort + number, PeerExecutable, Path.Combine(Directory, $"peer-{number}"));

    /// <summary>Peers at equal distances; spares within the arcs between them.</summary>
    private static string[] Spread(int peers, int spares, int bits)
    {
        BigInteger circle = BigInteger.One << bits;
        int layers = ((spares + peers - 1) / peers) + 1;
        BigInteger At(int arc, int layer) => ((circle * arc) + (circle * layer / layers)) / peers;
        BigInteger[] places = [.. Enumerable.Range(0, peers).Select(i => At(i, 0)), .. Enumerable.Range(0, spares).Select(i => At(i % peers, 1 + (i / peers)))];
        if (places.Distinct().Count() != places.Length)
            throw new DistributedApplicationException($"{peers} peers and {spares} spares do not fit a circle of {bits} bits; raise Ring:IdBits, or lower Ring:Peers or Ring:SparePeers.");
        return [.. places.Select(place => bits <= 31 ? place.ToString(CultureInfo.InvariantCulture) : $"0x{place.ToString($"x{(bits + 3) / 4}", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(1, '0')}")];
    }

    private static bool Flag(IConfiguration configuration, string name, bool otherwise = false) =>
        string.IsNullOrEmpty(configuration[name]) ? otherwise
        : bool.TryParse(configuration[name], out bool flag) ? flag
        : throw new DistributedApplicationException($"{name} is '{configuration[name]}'; allowed is true or false.");

    private static int Number(IConfiguration configuration, string name, int otherwise, int min, int max)
    {
        string? value = configuration[name];
        if (string.IsNullOrEmpty(value))
            return otherwise;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new DistributedApplicationException($"{name} is '{value}'; allowed is a whole number from {min} to {max}.");
    }
}

/// <summary>As whom and where a peer runs.</summary>
/// <param name="NodeId">Its identifier, decimal or 0x-hexadecimal.</param>
/// <param name="GrpcPort">Null takes a free one.</param>
/// <param name="Executable">Null runs the built peer.</param>
/// <param name="Directory">Where it keeps its objects.</param>
internal sealed record PeerPlace(string NodeId, int IdBits, int? GrpcPort, string? Executable, string Directory);
