using System.CommandLine;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary>How a command reaches a ring: through which peer, and how long it waits.</summary>
internal sealed class RingAccess
{
    /// <summary>Names the peer where <c>--peer</c> does not.</summary>
    public const string PeerVariable = "CHORD_PEER";

    private const string UsualPeer = "127.0.0.1:50051";
    private const double UsualSeconds = 30;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly Option<string?> _peer = new("--peer", "-p")
    {
        Description = $"Any peer of the ring. Where it is not given: what {PeerVariable} says, else {UsualPeer}.",
        HelpName = "HOST:PORT",
    };

    private readonly Option<double> _timeout = SimCommand.Number(
        "--timeout", "Seconds without getting further after which the command gives up.", 0.1, 86_400, UsualSeconds);

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_peer);
        command.Add(_timeout);
    }

    /// <summary>Does something with a ring, and says what was wrong where it could not be done.</summary>
    /// <param name="named">
    /// A peer that the command itself names: the ring is reached through it where its text is an address and no other is given, unless it speaks another contract.
    /// </param>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public int Run(ParseResult parsed, Terminal terminal, Func<Ring, Task<int>> work, CancellationToken cancellation, string? named = null)
    {
        string usual = AddressIn(parsed, terminal);
        string address = parsed.GetValue(_peer) is null && PeerAddress.IsWellFormed(named) ? named! : usual;
        TimeSpan timeout = parsed.GetResult(_timeout) is null or { Implicit: true } && terminal.Timeout is { } usualTimeout ? usualTimeout : TimeSpan.FromSeconds(parsed.GetValue(_timeout));
        return RunAsync(address, usual, timeout, terminal, work, cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Says in one line why a ring did not do what was asked for.</summary>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static int Tell(Terminal terminal, RefusedException refused)
    {
        // What passes when a ring has settled, or another peer is asked.
        bool isPassing = refused.Reason is Refusal.Unavailable or Refusal.NotMember or Refusal.NotOwner;
        string message = refused.Message.ReplaceLineEndings(" ");
        string advice = isPassing && !message.Contains("try again", StringComparison.OrdinalIgnoreCase) ? " Try again, wait longer with --timeout, or ask another peer with --peer." : "";
        terminal.Error.WriteLine($"chord: {message}{advice} ({refused.Reason})");
        return isPassing ? ExitCode.Unreachable : ExitCode.Failed;
    }

    private static async Task<int> RunAsync(string address, string usual, TimeSpan timeout, Terminal terminal, Func<Ring, Task<int>> work, CancellationToken cancellation)
    {
        TimeSpan connecting = timeout < ConnectTimeout ? timeout : ConnectTimeout;
        using var channels = new PeerChannels(connecting);
        using var client = new ChordClient(channels.To(address), address);
        try
        {
            // Whether anybody is there shows at once; from then on a silent ring is given its time.
            await Waiting.ForAsync(terminal, $"asking {address}", client.DescribeAsync(cancellation, connecting)).ConfigureAwait(false);
        }
        catch (RefusedException other) when (other.Reason == Refusal.NotServed && address != usual)
        {
            return await RunAsync(usual, usual, timeout, terminal, work, cancellation).ConfigureAwait(false);
        }
        catch (RefusedException failed) when (failed.InnerException is null)
        {
            // It answered, and badly.
            return Tell(terminal, failed);
        }
        catch (RefusedException failed)
        {
            Exception root = failed.GetBaseException();
            // The failed call itself says less than what was made of it; what lies below it says more.
            string cause = (root == failed.InnerException ? failed.Message : root.Message).ReplaceLineEndings(" ");
            terminal.Error.WriteLine(failed.Reason == Refusal.Unavailable
                ? $"chord: no peer answers at {address}. Start a ring with 'dotnet run --project ChordAspire.AppHost', or name a peer of a running one with --peer HOST:PORT. ({cause})"
                : $"chord: what answers at {address} does not speak this ring's contract: a seed peer, or another service. Name one of ours with --peer HOST:PORT. ({cause})");
            return failed.Reason == Refusal.Unavailable ? ExitCode.Unreachable : ExitCode.Failed;
        }
        try
        {
            return await work(new Ring(client, address, timeout)).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            return Tell(terminal, refused);
        }
    }

    private string AddressIn(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(_peer) is { } given)
            return PeerAddress.IsWellFormed(given) ? given : throw new UsageException($"--peer takes HOST:PORT, such as {UsualPeer}, not '{given}'.");
        if (terminal.Peer is { } usual)
            return usual;
        string? variable = Environment.GetEnvironmentVariable(PeerVariable);
        if (string.IsNullOrEmpty(variable))
            return UsualPeer;
        return PeerAddress.IsWellFormed(variable) ? variable : throw new UsageException($"{PeerVariable} takes HOST:PORT, such as {UsualPeer}, not '{variable}'.");
    }
}

/// <summary>A ring that answers.</summary>
/// <param name="Address">Of the asked peer, as it was named.</param>
/// <param name="Timeout">Longest time without getting further.</param>
internal readonly record struct Ring(ChordClient Client, string Address, TimeSpan Timeout);
