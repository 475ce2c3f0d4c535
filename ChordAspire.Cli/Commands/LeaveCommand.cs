using System.CommandLine;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Cli.Commands;

/// <summary><c>chord leave</c>: a peer says goodbye to the ring and ends.</summary>
internal static class LeaveCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> peer = PeerArgument.Required();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var ring = new RingAccess();
        Option<bool> json = ObjectArguments.Json();
        var command = new CommandWithExamples(
            "leave",
            "Tells a peer to leave the ring in order and to end, as a SIGTERM to its process would: it gives its objects to its successors first. Done when it is gone. A peer takes this from its own machine only, unless it runs with Chord:AllowRemoteLeave. Exit code 3 when the ring has no such peer.",
            "chord leave 127.0.0.1:50054",
            "chord leave 60000000 --yes")
        {
            peer, yes, json,
        };
        ring.AddTo(command);
        command.SetAction(parsed =>
        {
            bool isSure = parsed.GetValue(yes);
            if (!isSure && !terminal.CanAsk)
                throw new UsageException("leave asks before it acts, and here is nobody to ask: add --yes.");
            return ring.Run(parsed, terminal, async ring =>
            {
                string named = parsed.GetRequiredValue(peer);
                PeerReading? reading = await Waiting.ForAsync(terminal, "asking", PeerArgument.FindAsync(ring, named, cancellation)).ConfigureAwait(false);
                if (reading is null)
                    return PeerArgument.NotFound(terminal, named);
                if (reading.Kind == PeerKind.Seed)
                    throw new RefusedException(Refusal.NotServed, $"{reading.Self.Address} speaks the seed's contract alone, which has no such request: leave from its own menu.");
                if (!isSure && !await terminal.AskAsync($"Shall {reading.Self.Address} ({reading.Self.Id.ToBriefString()}) leave the ring?", cancellation).ConfigureAwait(false))
                {
                    terminal.Error.WriteLine("chord: nothing was done.");
                    return ExitCode.Failed;
                }
                long begun = TimeProvider.System.GetTimestamp();
                await ring.Client.LeaveAsync(reading.Self, cancellation, ring.Timeout).ConfigureAwait(false);
                await Waiting.ForAsync(terminal, $"{reading.Self.Address} is leaving", IsGoneAsync(ring, reading.Self, cancellation)).ConfigureAwait(false);
                double seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
                if (parsed.GetValue(json))
                {
                    terminal.Out.WriteLine(JsonText.LineOf(json =>
                    {
                        json.WriteString("id", reading.Self.Id.ToString());
                        json.WriteString("address", reading.Self.Address);
                        json.WriteNumber("seconds", Math.Round(seconds, 3));
                    }));
                }
                terminal.Error.WriteLine(FormattableString.Invariant($"leave {reading.Self.Address}: gone after {seconds:0.0} s"));
                return ExitCode.Done;
            }, cancellation, parsed.GetValue(peer));
        });
        return command;
    }

    /// <summary>Looks until nobody answers at its address any more, or somebody else does.</summary>
    private static async Task<bool> IsGoneAsync(Ring ring, PeerRef peer, CancellationToken cancellation)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                PeerDescription told = await ring.Client.DescribeAsync(peer.Address, cancellation, ring.Timeout).ConfigureAwait(false);
                if (told.View.Self != peer || told.View.Phase is MemberPhase.Left)
                    return true;
            }
            catch (RefusedException gone) when (gone.Reason == Refusal.Unavailable && TimeProvider.System.GetElapsedTime(begun) < ring.Timeout)
            {
                return true;
            }
            if (TimeProvider.System.GetElapsedTime(begun) > ring.Timeout)
                throw new RefusedException(Refusal.Unavailable, FormattableString.Invariant($"{peer.Address} began to leave, and is not gone after {ring.Timeout.TotalSeconds:0.###} s."));
            await Task.Delay(BetweenLooks, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }
}
