using System.Globalization;
using System.Numerics;
using System.Reflection;

namespace ChordAspire.AppHost;

/// <summary>Reads who takes part beside our peers: <c>Ring:SeedPeers</c>, <c>Ring:SeedNodeIds</c>, and <c>Ring:External</c>.</summary>
/// <param name="bits">Width of the identifiers.</param>
/// <param name="firstPort">gRPC port of the first guest; null takes free ones.</param>
internal sealed class GuestReader(IConfiguration configuration, int bits, int? firstPort)
{
    public const int MaxSeedPeers = 32;

    /// <summary>Seed peers know rings of this width only.</summary>
    public const int SeedBits = 6;

    /// <summary>The contract of the guests carries identifiers of so many bits.</summary>
    private const int MaxBits = 31;

    private static readonly string[] KeysOfExternal = ["Name", "Command", "Arguments", "WorkingDirectory", "NodeId"];

    private readonly List<GuestPlace> _guests = [];
    private readonly HashSet<int> _taken = [];

    /// <param name="seeds">Number of seed peers.</param>
    /// <param name="seedStartsRing">The first seed peer stands at 0.</param>
    /// <param name="ours">Identifiers of our peers and spares.</param>
    public IReadOnlyList<GuestPlace> Read(int seeds, bool seedStartsRing, IReadOnlyList<string> ours)
    {
        IConfigurationSection[] externals = [.. configuration.GetSection("Ring:External").GetChildren()];
        if (seeds == 0 && externals.Length == 0)
            return [];
        if (seeds > 0 && bits != SeedBits)
            throw new DistributedApplicationException($"Ring:SeedPeers is {seeds} and Ring:IdBits is {bits}; seed peers know identifiers of {SeedBits} bits only: set Ring:IdBits to {SeedBits}.");
        if (bits > MaxBits)
            throw new DistributedApplicationException($"Ring:External needs identifiers of at most {MaxBits} bits, and Ring:IdBits is {bits}; set it to {SeedBits}, say.");

        foreach (string id in ours)
            Take(id, "Ring:NodeIds");
        // Those who are told where to stand come first: the others stand between.
        int?[] seedIds = SeedIds(seeds, seedStartsRing);
        int?[] externalIds = [.. externals.Select(external => external["NodeId"] is { Length: > 0 } id ? Take(id, $"{external.Path}:NodeId") : (int?)null)];
        for (int i = 0; i < seeds; i++)
            Add($"seed-{i}", isSeedPeer: true, seedIds[i] ?? FreePlace(), SeedCommand());
        for (int i = 0; i < externals.Length; i++)
            Add(externals[i]["Name"] is { Length: > 0 } name ? name : $"external-{i}", isSeedPeer: false, externalIds[i] ?? FreePlace(), ExternalCommand(externals[i]));
        return _guests;
    }

    private int?[] SeedIds(int seeds, bool seedStartsRing)
    {
        const string setting = "Ring:SeedNodeIds";
        string[] given = RingOptions.List(configuration, setting);
        if (given.Length > 0 && given.Length != seeds)
            throw new DistributedApplicationException($"{setting} has {given.Length} identifiers for {seeds} seed peers; name one for each, or none.");
        int?[] ids = given.Length > 0 ? [.. given.Select(id => (int?)Take(id, setting))] : new int?[seeds];
        if (seedStartsRing && ids[0] is not null and not 0)
            throw new DistributedApplicationException($"{setting} begins with {ids[0]}; the seed peer that starts the ring (Ring:SeedStartsRing) has identifier 0.");
        if (seedStartsRing && ids[0] is null)
            ids[0] = Take("0", "Ring:SeedStartsRing");
        if (ids.Skip(seedStartsRing ? 1 : 0).Contains(0))
            throw new DistributedApplicationException($"{setting} has a 0; a seed peer with identifier 0 starts a ring of its own. Set Ring:SeedStartsRing to true and name it first, or choose another.");
        return ids;
    }

    private void Add(string name, bool isSeedPeer, int id, (string Command, IReadOnlyList<string> Arguments, string WorkingDirectory) start) =>
        _guests.Add(new GuestPlace(name, isSeedPeer, id, firstPort + _guests.Count, start.Command, start.Arguments, start.WorkingDirectory));

    private int FreePlace()
    {
        int place = GuestPlacement.Between(_taken, 1L << bits)
            ?? throw new DistributedApplicationException($"A circle of {bits} bits has no place left; lower Ring:Peers, Ring:SparePeers or Ring:SeedPeers.");
        _taken.Add(place);
        return place;
    }

    /// <summary>A place for one guest or peer alone.</summary>
    private int Take(string id, string setting)
    {
        bool hexadecimal = id.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        // A zero before it, or the first digit would count as the sign.
        bool isNumber = BigInteger.TryParse(
            hexadecimal ? $"0{id[2..]}" : id, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger place);
        if (!isNumber || place >= BigInteger.One << bits)
            throw new DistributedApplicationException($"{setting} has '{id}'; allowed is a decimal number, or a hexadecimal one with 0x before it, below 2^{bits} (Ring:IdBits).");
        return _taken.Add((int)place) ? (int)place : throw new DistributedApplicationException($"{setting} has {place}, which another of the ring has already.");
    }

    /// <summary>The built seed peer. Run directly on either host, so that the process that the orchestrator knows is its own.</summary>
    private static (string Command, IReadOnlyList<string> Arguments, string WorkingDirectory) SeedCommand()
    {
        string program = typeof(GuestReader).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(stamp => stamp.Key == "seedpeer").Value!;
        if (!File.Exists(program))
            throw new DistributedApplicationException($"The seed peer has not been built: there is no '{program}'. Build ChordAspire.SeedPeer first.");
        string starter = Path.ChangeExtension(program, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(starter) ? (starter, [], Path.GetDirectoryName(program)!) : ("dotnet", [program], Path.GetDirectoryName(program)!);
    }

    private static (string Command, IReadOnlyList<string> Arguments, string WorkingDirectory) ExternalCommand(IConfigurationSection external)
    {
        if (external.GetChildren().FirstOrDefault(child => !KeysOfExternal.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } stray)
            throw new DistributedApplicationException($"{stray.Path} means nothing; an external program has {string.Join(", ", KeysOfExternal)}.");
        if (external["Command"] is not { Length: > 0 } command)
            throw new DistributedApplicationException($"{external.Path}:Command is missing; name the program to start.");
        string folder = Path.GetFullPath(external["WorkingDirectory"] is { Length: > 0 } named ? named : ".");
        if (!Directory.Exists(folder))
            throw new DistributedApplicationException($"{external.Path}:WorkingDirectory is '{folder}', which does not exist.");
        IReadOnlyList<string> arguments = [.. external.GetSection("Arguments").GetChildren().Select(argument => argument.Value ?? "")];
        if (arguments.Count == 0)
            arguments = GuestArguments.Words(external["Arguments"] ?? "") ?? throw new DistributedApplicationException($"{external.Path}:Arguments leaves a quote open: {external["Arguments"]}");
        if (arguments.Select(GuestArguments.UnknownPlaceholder).FirstOrDefault(unknown => unknown is not null) is { } wrong)
            throw new DistributedApplicationException($"{external.Path}:Arguments has {wrong}; there are {GuestArguments.Known}.");
        return (Find(command) ?? throw new DistributedApplicationException($"{external.Path}:Command is '{command}'; there is no such file, and no such program along PATH."), arguments, folder);
    }

    /// <summary>A path as it is; a bare name along PATH, by the orchestrator in the end.</summary>
    private static string? Find(string command)
    {
        if (Path.GetFileName(command) != command)
            return File.Exists(command) ? Path.GetFullPath(command) : null;
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd", ".bat"] : [""];
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Any(folder => endings.Any(ending => File.Exists(Path.Combine(folder, command + ending)))) ? command : null;
    }
}
