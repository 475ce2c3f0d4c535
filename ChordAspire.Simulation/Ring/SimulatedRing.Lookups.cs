using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Lookups, driven by their asker hop by hop.</summary>
public sealed partial class SimulatedRing
{
    private static readonly TimeSpan LookupRetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>A client's lookup through a member: it begins again when no route is found, until its deadline.</summary>
    /// <param name="ended">Called when it has ended; never where the asker dies before.</param>
    public LookupRun LookUp(SimulatedPeer asker, Identifier key, Action<LookupRun>? ended = null) =>
        BeginLookup(asker, key, purpose: null, contact: null, ended);

    private LookupRun BeginLookup(SimulatedPeer asker, Identifier key, LookupPurpose? purpose, PeerRef? contact, Action<LookupRun>? ended)
    {
        Lookup lookup = contact is null ? Lookup.FromMember(asker.State, key, _timings.MaxHops) : Lookup.FromContact(contact, key, _timings.MaxHops);
        var run = new LookupRun(lookup, asker, purpose, ended, _now);
        // What ends at once still ends after the step that wanted it.
        if (lookup.Next() is null)
            _queue.Add(_now, Happening.LookupEnded, asker, run);
        else
            AskNext(run);
        return run;
    }

    private void AskNext(LookupRun run)
    {
        Lookup lookup = run.Lookup;
        if (lookup.Next() is { } peer)
        {
            long left = run.Started + run.Asker.LocalTicks(_timings.RequestTimeout) - _now;
            if (left > 0)
            {
                int host = HostNames.HostOf(peer);
                TimeSpan timeout = HopPatience.Of(
                    lookup.IsOwnerCandidate(peer), run.Asker.TimeoutOf(host, _timings), run.Attempt, _timings.CallTimeoutMax, new TimeSpan(left));
                if (_isMixed)
                    Watch(AskHopAsync(run, peer, timeout));
                else
                    Send(new Call(CallKind.Route, run.Asker, peer, host) { Lookup = run }, timeout);
                return;
            }
            lookup.Expire();
        }
        bool patient = run.Purpose is null;
        if (lookup.Outcome!.Failure == LookupFailure.NoRoute && patient && new TimeSpan(_now - run.Started) + LookupRetryDelay <= _timings.RequestTimeout)
            _queue.Add(_now + LookupRetryDelay.Ticks, Happening.LookupRetry, run.Asker, run);
        else
            End(run);
    }

    private void GoOn(LookupRun run, PeerRef hop, RouteAnswer? answer)
    {
        if (answer is not null)
        {
            run.Lookup.Answered(hop, answer);
        }
        else
        {
            if (!_peers[HostNames.HostOf(hop)].IsLiveMember)
                Sightings.Count(Sighting.LookupMetDeadPeer);
            run.Lookup.NotAnswered(hop);
            Handle(run.Asker, new ChordEvent.Suspected(hop));
        }
        AskNext(run);
    }

    private void RetryLookup(LookupRun run)
    {
        Sightings.Count(Sighting.LookupTriedAgain);
        run.Attempt++;
        run.Lookup.TryAgain(run.Asker.State);
        AskNext(run);
    }

    private void End(LookupRun run)
    {
        run.EndedAt = _now;
        if (run.Purpose is not { } purpose)
        {
            run.Ended?.Invoke(run);
            Observer?.LookupEnded(run);
            return;
        }
        Handle(run.Asker, new ChordEvent.LookupEnded(purpose, run.Outcome!));
        if (purpose.Finger is not null && run.Asker.FingersLeft > 0 && run.Asker.IsLiveMember)
        {
            run.Asker.FingersLeft--;
            Handle(run.Asker, Due.FixFingers);
        }
    }
}
