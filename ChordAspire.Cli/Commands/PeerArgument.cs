using System.CommandLine;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary>A peer of the ring, named in a command: by its address, or by its identifier or the beginning of it, as the tables show it.</summary>
internal static class PeerArgument
{
    private const string Form = "HOST:PORT, or its identifier or the beginning of it, as 'chord ring' shows it";

    public static Argument<string?> Optional() =>
        new("PEER") { Description = $"Which peer: {Form}. The asked one where not given.", Arity = ArgumentArity.ZeroOrOne };

    public static Argument<string> Required() => new("PEER") { Description = $"Which peer: {Form}." };

    /// <summary>The peer that is meant.</summary>
    /// <returns>Null where there is none such in the ring.</returns>
    /// <exception cref="UsageException">Several are meant.</exception>
    /// <exception cref="RefusedException">The asked peer refused, or is silent; or the one that is meant does not answer.</exception>
    public static async Task<PeerReading?> FindAsync(Ring ring, string? named, CancellationToken cancellation)
    {
        if (named is null || named == ring.Address)
            return PeerReading.Of(await ring.Client.DescribeAsync(cancellation, ring.Timeout).ConfigureAwait(false));
        RingReading reading = await ring.Client.ReadRingAsync(cancellation, ring.Timeout).ConfigureAwait(false);
        PeerReading[] meant = [.. reading.Peers.Where(peer => peer.Self.Address == named)];
        if (meant.Length == 0)
            meant = [.. reading.Peers.Where(peer => IsNamed(peer.Self.Id, named))];
        // What stands there in full is meant, even where it is the beginning of another as well.
        if (meant.Length > 1 && meant.Where(peer => peer.Self.Id.ToBriefString() == named).ToArray() is [var exact])
            meant = [exact];
        // A host has several names, and the ring knows one of them.
        if (meant.Length == 0 && PeerAddress.IsWellFormed(named))
            return PeerReading.Of(await ring.Client.DescribeAsync(named, cancellation, ring.Timeout).ConfigureAwait(false));
        return meant switch
        {
            [] => null,
            [{ Silence: { } silence } silent] => throw new RefusedException(Refusal.Unavailable, $"Peer {silent.Self} cannot be asked: {silence}"),
            [var one] => one,
            _ => throw new UsageException($"PEER '{named}' names {meant.Length} peers: {string.Join(", ", meant.Select(peer => peer.Self.ToString()))}. Write more digits, or the address."),
        };
    }

    /// <summary>Where the ring has no such peer.</summary>
    public static int NotFound(Terminal terminal, string? named)
    {
        terminal.Error.WriteLine($"chord: the ring has no peer '{named}'. 'chord ring' lists those that there are.");
        return ExitCode.NotFound;
    }

    private static bool IsNamed(Identifier id, string named) =>
        named.Length > 0 && IsBeginning(id, named);

    private static bool IsBeginning(Identifier id, string named) =>
        id.ToBriefString() == named
        || id.ToString().StartsWith(named, StringComparison.OrdinalIgnoreCase)
        || (named.Length > 2 && named.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && id.ToString().StartsWith(named[2..], StringComparison.OrdinalIgnoreCase));
}
