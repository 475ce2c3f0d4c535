using System.Net;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>
/// Reads the options from configuration: by the seed's names where it had one (<c>NODE_ID</c>, <c>PORT</c>, …) and by <c>Chord:*</c>.
/// By hand instead of by binding, so that every error can name the setting, its value and what is allowed, and so that it compiles ahead of time.
/// </summary>
internal sealed class PeerOptionsReader(SettingsReader settings)
{
    private static readonly TimeSpan DefaultTimeoutMax = TimeSpan.FromSeconds(2);

    /// <summary>The options, or what is wrong with them, a sentence for each setting.</summary>
    public static bool TryRead(IConfiguration configuration, out PeerOptions? options, out IReadOnlyList<string> errors)
    {
        var settings = new SettingsReader(configuration);
        PeerOptions read = new PeerOptionsReader(settings).Read();
        errors = settings.Errors;
        options = errors.Count == 0 ? read : null;
        return options is not null;
    }

    private PeerOptions Read()
    {
        int bits = settings.Number(["CHORD_ID_BITS", "Chord:IdBits"], Identifier.MaxBits, 1, Identifier.MaxBits);
        int port = settings.Number(["PORT", "Chord:Port"], 50051, 1, IPEndPoint.MaxPort);
        int httpPort = settings.Number(["HTTP_PORT", "Chord:HttpPort"], Math.Min(port + 1000, IPEndPoint.MaxPort), 1, IPEndPoint.MaxPort);
        if (port == httpPort)
            settings.Errors.Add($"PORT and HTTP_PORT are both {port}; gRPC and health need a port each.");
        string address = Source(port);
        int successorListLength = settings.Number(["Chord:SuccessorListLength"], 4, ChordParameters.MinSuccessorListLength, ChordParameters.MaxSuccessorListLength);
        TimeSpan timeoutMin = settings.Duration("Chord:CallTimeoutMin", TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        return new PeerOptions
        {
            Self = new PeerRef(OwnIdentifier(address, bits), address),
            Ring = new ChordParameters(bits, successorListLength),
            Targets = Targets(address, out bool ownAmongTargets),
            StartsRingWithoutTargets = ownAmongTargets,
            BindAddress = Bind(),
            Port = port,
            HttpPort = httpPort,
            StabilizeInterval = settings.Duration("Chord:StabilizeInterval", TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            FixFingersInterval = settings.Duration("Chord:FixFingersInterval", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            CallTimeoutMin = timeoutMin,
            CallTimeoutMax = settings.Duration("Chord:CallTimeoutMax", timeoutMin > DefaultTimeoutMax ? timeoutMin : DefaultTimeoutMax, timeoutMin, TimeSpan.FromMinutes(1)),
            RequestTimeout = settings.Duration("Chord:RequestTimeout", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            MaxHops = settings.Number(["Chord:MaxHops"], 128, 8, 1024),
            LeaveTimeout = settings.Duration("Chord:LeaveTimeout", TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            AllowRemoteLeave = settings.Flag("Chord:AllowRemoteLeave"),
            TraceMaintenance = settings.Flag("Chord:TraceMaintenance"),
            Storage = new StorageOptionsReader(settings).Read(address, bits, successorListLength),
        };
    }

    private Identifier OwnIdentifier(string address, int bits)
    {
        (string name, string? value) = settings.Setting("NODE_ID", "Chord:NodeId");
        if (value is null)
            return IdentifierCircle.PlaceOf(address, bits);
        if (Identifier.TryParse(value, bits, out Identifier id))
            return id;
        settings.Errors.Add($"{name} is '{value}'; allowed is a decimal number, or a hexadecimal one with 0x before it, from 0 to 2^{bits} - 1 (CHORD_ID_BITS is {bits}).");
        return IdentifierCircle.PlaceOf(address, bits);
    }

    private string Source(int port)
    {
        (string name, string? value) = settings.Setting("SOURCE_ADDRESS", "Chord:SourceAddress");
        string address = value is null ? $"127.0.0.1:{port}" : value.Contains(':', StringComparison.Ordinal) ? value : $"{value}:{port}";
        if (!PeerAddress.IsWellFormed(address))
            settings.Errors.Add($"{name} is '{value}'; allowed is host or host:port, without a scheme, as other peers reach this one.");
        return address;
    }

    private List<string> Targets(string self, out bool ownAmongThem)
    {
        (string name, string? value) = settings.Setting("TARGET_ADDRESS", "Chord:TargetAddress");
        List<string> targets = [.. (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        foreach (string target in targets)
        {
            if (!PeerAddress.IsWellFormed(target))
                settings.Errors.Add($"{name} has '{target}'; allowed is host:port of a peer to join through, several separated by commas, or nothing to start a ring.");
        }
        ownAmongThem = targets.RemoveAll(target => target == self) > 0;
        if (ownAmongThem && targets.Count == 0)
            settings.Errors.Add($"{name} is '{value}', this peer's own address; name another peer, or leave it empty to start a ring.");
        return targets;
    }

    private IPAddress Bind()
    {
        (string name, string? value) = settings.Setting("Chord:BindAddress");
        if (value is null)
            return IPAddress.Loopback;
        if (IPAddress.TryParse(value, out IPAddress? address))
            return address;
        settings.Errors.Add($"{name} is '{value}'; allowed is an IP address of this machine, or 0.0.0.0 for all.");
        return IPAddress.Loopback;
    }
}
