using System.Globalization;
using System.Net;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>
/// Reads the options from configuration: by the seed's names where it had one (<c>NODE_ID</c>, <c>PORT</c>, …) and by <c>Chord:*</c>.
/// By hand instead of by binding, so that every error can name the setting, its value and what is allowed, and so that it compiles ahead of time.
/// </summary>
internal sealed class PeerOptionsReader(IConfiguration configuration)
{
    private static readonly TimeSpan DefaultTimeoutMax = TimeSpan.FromSeconds(2);

    private readonly List<string> _errors = [];

    /// <summary>The options, or what is wrong with them, a sentence for each setting.</summary>
    public static bool TryRead(IConfiguration configuration, out PeerOptions? options, out IReadOnlyList<string> errors)
    {
        var reader = new PeerOptionsReader(configuration);
        PeerOptions read = reader.Read();
        errors = reader._errors;
        options = errors.Count == 0 ? read : null;
        return options is not null;
    }

    private PeerOptions Read()
    {
        int bits = Number(["CHORD_ID_BITS", "Chord:IdBits"], Identifier.MaxBits, 1, Identifier.MaxBits);
        int port = Number(["PORT", "Chord:Port"], 50051, 1, IPEndPoint.MaxPort);
        int httpPort = Number(["HTTP_PORT", "Chord:HttpPort"], Math.Min(port + 1000, IPEndPoint.MaxPort), 1, IPEndPoint.MaxPort);
        if (port == httpPort)
            _errors.Add($"PORT and HTTP_PORT are both {port}; gRPC and health need a port each.");
        string address = Source(port);
        TimeSpan timeoutMin = Duration("Chord:CallTimeoutMin", TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        return new PeerOptions
        {
            Self = new PeerRef(OwnIdentifier(address, bits), address),
            Ring = new ChordParameters(bits, Number(["Chord:SuccessorListLength"], 4, ChordParameters.MinSuccessorListLength, ChordParameters.MaxSuccessorListLength)),
            Targets = Targets(address, out bool ownAmongTargets),
            StartsRingWithoutTargets = ownAmongTargets,
            BindAddress = Bind(),
            Port = port,
            HttpPort = httpPort,
            StabilizeInterval = Duration("Chord:StabilizeInterval", TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            FixFingersInterval = Duration("Chord:FixFingersInterval", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            CallTimeoutMin = timeoutMin,
            CallTimeoutMax = Duration("Chord:CallTimeoutMax", timeoutMin > DefaultTimeoutMax ? timeoutMin : DefaultTimeoutMax, timeoutMin, TimeSpan.FromMinutes(1)),
            RequestTimeout = Duration("Chord:RequestTimeout", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            MaxHops = Number(["Chord:MaxHops"], 128, 8, 1024),
            LeaveTimeout = Duration("Chord:LeaveTimeout", TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            TraceMaintenance = Flag("Chord:TraceMaintenance"),
            MaxBytesHeld = Number(["Chord:MaxMegabytesHeld"], 256, 1, 1024 * 1024) * 1024L * 1024L,
        };
    }

    private (string Name, string? Value) Setting(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (configuration[name]?.Trim() is { Length: > 0 } value)
                return (name, value);
        }
        return (names[0], null);
    }

    private int Number(ReadOnlySpan<string> names, int otherwise, int min, int max)
    {
        (string name, string? value) = Setting(names);
        if (value is null)
            return otherwise;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
            return number;
        _errors.Add($"{name} is '{value}'; allowed is a whole number from {min} to {max}.");
        return otherwise;
    }

    private TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan min, TimeSpan max)
    {
        if (Setting(name).Value is not { } value)
            return otherwise;
        if (TimeSpan.TryParseExact(value, "c", CultureInfo.InvariantCulture, out TimeSpan duration) && duration >= min && duration <= max)
            return duration;
        _errors.Add($"{name} is '{value}'; allowed is a duration hh:mm:ss.fff from {min:c} to {max:c}.");
        return otherwise;
    }

    private bool Flag(string name)
    {
        string? value = Setting(name).Value;
        if (value is null || bool.TryParse(value, out bool flag) && !flag)
            return false;
        if (bool.TryParse(value, out _))
            return true;
        _errors.Add($"{name} is '{value}'; allowed is true or false.");
        return false;
    }

    private Identifier OwnIdentifier(string address, int bits)
    {
        (string name, string? value) = Setting("NODE_ID", "Chord:NodeId");
        if (value is null)
            return IdentifierCircle.PlaceOf(address, bits);
        if (Identifier.TryParse(value, bits, out Identifier id))
            return id;
        _errors.Add($"{name} is '{value}'; allowed is a decimal number, or a hexadecimal one with 0x before it, from 0 to 2^{bits} - 1 (CHORD_ID_BITS is {bits}).");
        return IdentifierCircle.PlaceOf(address, bits);
    }

    private string Source(int port)
    {
        (string name, string? value) = Setting("SOURCE_ADDRESS", "Chord:SourceAddress");
        string address = value is null ? $"127.0.0.1:{port}" : value.Contains(':', StringComparison.Ordinal) ? value : $"{value}:{port}";
        if (!PeerAddress.IsWellFormed(address))
            _errors.Add($"{name} is '{value}'; allowed is host or host:port, without a scheme, as other peers reach this one.");
        return address;
    }

    private List<string> Targets(string self, out bool ownAmongThem)
    {
        (string name, string? value) = Setting("TARGET_ADDRESS", "Chord:TargetAddress");
        List<string> targets = [.. (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        foreach (string target in targets)
        {
            if (!PeerAddress.IsWellFormed(target))
                _errors.Add($"{name} has '{target}'; allowed is host:port of a peer to join through, several separated by commas, or nothing to start a ring.");
        }
        ownAmongThem = targets.RemoveAll(target => target == self) > 0;
        if (ownAmongThem && targets.Count == 0)
            _errors.Add($"{name} is '{value}', this peer's own address; name another peer, or leave it empty to start a ring.");
        return targets;
    }

    private IPAddress Bind()
    {
        (string name, string? value) = Setting("Chord:BindAddress");
        if (value is null)
            return IPAddress.Loopback;
        if (IPAddress.TryParse(value, out IPAddress? address))
            return address;
        _errors.Add($"{name} is '{value}'; allowed is an IP address of this machine, or 0.0.0.0 for all.");
        return IPAddress.Loopback;
    }
}
