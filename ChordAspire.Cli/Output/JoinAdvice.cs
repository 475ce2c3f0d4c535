using System.Globalization;
using System.Net.NetworkInformation;
using System.Numerics;
using System.Text;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>How to start a peer that joins a ring.</summary>
/// <param name="ArcShare">How much of the circle the arc has that it divides, from 0 to 1.</param>
/// <param name="Environment">Its settings, in an order that reads well.</param>
internal sealed record JoinAdvice(RingReading Ring, double ArcShare, IReadOnlyList<(string Name, string Value)> Environment)
{
    private const string Command = "dotnet run -c Release --project ChordAspire.Peer";
    private const int UsualPort = 50051;
    private const int LastPort = 65_535;
    private const int HttpAbove = 1000;

    /// <param name="asked">A peer of the ring, as it was named.</param>
    /// <param name="port">Null: a free one.</param>
    /// <returns>Null where no identifier is free.</returns>
    /// <exception cref="RefusedException">There is no member that a peer could join.</exception>
    public static JoinAdvice? For(RingReading ring, string asked, int? port)
    {
        if (!ring.Members.Any())
            throw new RefusedException(Refusal.NotMember, $"{asked} is in no ring that could be joined, or not yet: try again when it is a member.");
        if (LargestArc(ring) is not var (id, share))
            return null;
        string second = ring.Members.Select(member => member.Self.Address).FirstOrDefault(address => address != asked, asked);
        return new JoinAdvice(ring, share,
        [
            ("NODE_ID", $"0x{id}"),
            ("TARGET_ADDRESS", second == asked ? asked : $"{asked},{second}"),
            ("PORT", Number(port ?? FreePort(ring))),
            ("CHORD_ID_BITS", Number(ring.Parameters.Bits)),
            ("Chord__SuccessorListLength", Number(ring.Parameters.SuccessorListLength)),
        ]);
    }

    /// <summary>A text that a shell can carry out.</summary>
    public string ToShell()
    {
        var text = new StringBuilder();
        int members = Ring.Members.Count();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Joins a ring of {members} {(members == 1 ? "peer" : "peers")}, in the middle of its largest arc ({RingText.ShareOf(ArcShare)} of the circle).");
        text.AppendLine("# On another machine, set SOURCE_ADDRESS and Chord__BindAddress too; Storage__Copies, where the ring has it set.");
        foreach ((string name, string value) in Environment)
            text.AppendLine(CultureInfo.InvariantCulture, $"{name}={value} \\");
        return text.Append(Command).ToString();
    }

    public string ToJson() => JsonText.Of(json =>
    {
        json.WriteNumber("arcShare", ArcShare);
        json.WriteStartObject("environment");
        foreach ((string name, string value) in Environment)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteString("command", Command);
    });

    private static (Identifier Middle, double Share)? LargestArc(RingReading ring)
    {
        Identifier[] places = [.. ring.Members.Select(member => member.Self.Id)];
        int bits = ring.Parameters.Bits;
        BigInteger circle = BigInteger.One << bits;
        BigInteger[] arcs = [.. places.Select((place, i) => places.Length == 1 ? circle : NumberOf(place.DistanceTo(places[(i + 1) % places.Length])))];
        int largest = Array.IndexOf(arcs, arcs.Max());
        if (arcs[largest] < 2)
            return null;
        BigInteger middle = (NumberOf(places[largest]) + (arcs[largest] / 2)) % circle;
        return (Identifier.FromBigEndian(bits, middle.ToByteArray(isUnsigned: true, isBigEndian: true)), (double)arcs[largest] / (double)circle);
    }

    private static BigInteger NumberOf(Identifier id) => BigInteger.Parse("0" + id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Behind the highest of the ring; not one that something on this machine listens on, nor its HTTP port.</summary>
    private static int FreePort(RingReading ring)
    {
        HashSet<int> taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];
        int[] ports = [.. ring.Peers.Select(peer => int.Parse(peer.Self.Address.AsSpan(peer.Self.Address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture))];
        taken.UnionWith(ports);
        return Enumerable.Range(ports.Max() + 1, LastPort).Concat(Enumerable.Range(UsualPort, LastPort - UsualPort))
            .First(port => port <= LastPort - HttpAbove && !taken.Contains(port) && !taken.Contains(port + HttpAbove));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
