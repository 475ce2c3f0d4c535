using System.Collections.Immutable;
using System.Diagnostics;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>Drives lookups hop by hop, as asker: one deadline for the whole, a timeout for each hop, and round whoever is silent.</summary>
internal sealed class LookupDriver(PeerLoop loop, RingCaller caller, PeerOptions options, PeerTelemetry telemetry, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>A client's lookup: spans and metrics.</summary>
    public async Task<LookupRun> LookUpAsync(Identifier key, ActivityContext parent, CancellationToken cancellationToken)
    {
        using Activity? span = PeerTelemetry.StartRequest("chord.lookup", parent)?.SetTag("chord.key", key.ToString());
        long started = time.GetTimestamp();
        LookupRun run = await RunAsync(Lookup.FromMember(loop.State, key, options.MaxHops), patient: true, traced: true, cancellationToken);
        telemetry.Count(span, run.Outcome, time.GetElapsedTime(started));
        return run;
    }

    /// <summary>A lookup of the protocol itself: no spans unless asked for.</summary>
    public async Task<LookupOutcome> LookUpForMaintenanceAsync(Identifier key, PeerRef? contact, CancellationToken cancellationToken)
    {
        using Activity? span = options.TraceMaintenance ? PeerTelemetry.StartRequest("chord.maintenance", default) : null;
        Lookup lookup = contact is null
            ? Lookup.FromMember(loop.State, key, options.MaxHops)
            : Lookup.FromContact(contact, key, options.MaxHops);
        return (await RunAsync(lookup, patient: false, options.TraceMaintenance, cancellationToken)).Outcome;
    }

    /// <param name="patient">Begin again when no route is found, until the deadline: a client would only do the same.</param>
    private async Task<LookupRun> RunAsync(Lookup lookup, bool patient, bool traced, CancellationToken cancellationToken)
    {
        var durations = ImmutableArray.CreateBuilder<TimeSpan>();
        long started = time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            while (lookup.Next() is { } peer)
            {
                TimeSpan left = options.RequestTimeout - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    lookup.Expire();
                    break;
                }
                TimeSpan timeout = HopPatience.Of(lookup.IsOwnerCandidate(peer), caller.TimeoutOf(peer), attempt, options.CallTimeoutMax, left);
                long asked = time.GetTimestamp();
                RouteAnswer? answer = await AskAsync(lookup.Key, peer, durations.Count + 1, timeout, traced, cancellationToken);
                durations.Add(time.GetElapsedTime(asked));
                if (answer is null)
                    lookup.NotAnswered(peer);
                else
                    lookup.Answered(peer, answer);
            }
            LookupOutcome outcome = lookup.Outcome!;
            if (outcome.Failure != LookupFailure.NoRoute || !patient || time.GetElapsedTime(started) + RetryDelay > options.RequestTimeout)
                return new LookupRun(outcome, durations.DrainToImmutable());
            await Task.Delay(RetryDelay, time, cancellationToken);
            lookup.TryAgain(loop.State);
        }
    }

    private async Task<RouteAnswer?> AskAsync(Identifier key, PeerRef peer, int hop, TimeSpan timeout, bool traced, CancellationToken cancellationToken)
    {
        using Activity? span = traced ? PeerTelemetry.StartHop(key, hop, peer) : null;
        CallResult<RouteAnswer> result = await caller.RouteAsync(peer, key, hop, timeout, cancellationToken);
        if (result.IsAnswered)
            return result.Value;
        span?.SetStatus(ActivityStatusCode.Error, result.Detail);
        loop.Offer(new ChordEvent.Suspected(peer));
        return null;
    }
}

/// <summary>A lookup's outcome, and how long each of its hops took.</summary>
internal sealed record LookupRun(LookupOutcome Outcome, ImmutableArray<TimeSpan> Durations);
