using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>The way into the ring, and back into it: what the production host's ring entry does, without its threads.</summary>
public sealed partial class SimulatedRing
{
    private void Enter(SimulatedPeer peer, int[] targets)
    {
        peer.Entry.StartTargets = targets;
        if (targets.Length == 0)
            Handle(peer, new ChordEvent.StartRing());
        else
            BeginJoining(peer, targets, mayStandAlone: false);
    }

    private void BeginJoining(SimulatedPeer peer, int[] targets, bool mayStandAlone)
    {
        RingEntry entry = peer.Entry;
        entry.Targets = targets;
        entry.MayStandAlone = mayStandAlone;
        entry.Delay = RingEntry.FirstDelay;
        entry.Round = 0;
        BeginRound(peer);
    }

    private void BeginRound(SimulatedPeer peer)
    {
        peer.Entry.Round++;
        peer.Entry.Try = 0;
        peer.Entry.Forgetting = false;
        TryTarget(peer);
    }

    private void TryTarget(SimulatedPeer peer)
    {
        RingEntry entry = peer.Entry;
        if (entry.Try < entry.Targets.Length)
        {
            entry.Stage = EntryStage.Introducing;
            Introduce(peer, entry.Targets[entry.Try]);
            return;
        }
        if (entry.MayStandAlone && entry.Round >= RingEntry.RoundsBeforeAlone)
        {
            entry.Stage = EntryStage.Idle;
            Handle(peer, new ChordEvent.StandAlone());
            return;
        }
        TimeSpan pause = entry.Forgetting ? RingEntry.ForgettingDelay : entry.Delay;
        if (!entry.Forgetting && entry.Delay < RingEntry.MaxDelay)
            entry.Delay = entry.Delay * RingEntry.DelayGrowth < RingEntry.MaxDelay ? entry.Delay * RingEntry.DelayGrowth : RingEntry.MaxDelay;
        Await(peer, EntryStage.Pausing, pause);
    }

    private void Introduce(SimulatedPeer peer, int host)
    {
        if (_isMixed)
            Watch(IntroduceMixedAsync(peer, host));
        else
            Send(new Call(CallKind.Introduce, peer, _peers[host].Self, host), _timings.CallTimeoutMax);
    }

    private void Await(SimulatedPeer peer, EntryStage stage, TimeSpan atMost)
    {
        peer.Entry.Stage = stage;
        _queue.Add(_now + peer.LocalTicks(atMost), Happening.Entry, peer, ++peer.Entry.Turn);
    }

    private void TakeIntroduction(SimulatedPeer peer, Introduced? introduced)
    {
        if (peer.Entry.Stage == EntryStage.LookingRound)
            LookRoundFurther(peer, introduced);
        else if (peer.Entry.Stage == EntryStage.Introducing)
        {
            if (introduced is { Phase: MemberPhase.Member } && introduced.Self != peer.Self)
            {
                // Long enough for the lookup and for asking the predecessor twice.
                Await(peer, EntryStage.Joining, _timings.RequestTimeout + (4 * _timings.CallTimeoutMax));
                Handle(peer, new ChordEvent.JoinThrough(introduced.Self));
            }
            else
            {
                TryNextTarget(peer);
            }
        }
    }

    private void TryNextTarget(SimulatedPeer peer)
    {
        peer.Entry.Try++;
        TryTarget(peer);
    }

    private void JoinFailed(SimulatedPeer peer, JoinFailure reason)
    {
        Sightings.Count(reason == JoinFailure.StillRemembered ? Sighting.RestartBeforeNoticed : Sighting.JoinHadToTryAgain);
        if (peer.Entry.Stage != EntryStage.Joining)
            return;
        peer.Entry.Turn++;
        // A seed peer may claim any identifier; among ours only the plan can be wrong.
        if (reason == JoinFailure.IdentifierTaken && !_isMixed)
            throw new InvalidOperationException($"{peer} joined under an identifier that is taken: a plan must not give the same one twice.");
        peer.Entry.Forgetting |= reason is JoinFailure.StillRemembered or JoinFailure.PlaceMoved;
        TryNextTarget(peer);
    }

    /// <summary>A wait is over.</summary>
    private void GoOnEntering(SimulatedPeer peer, int turn)
    {
        if (turn != peer.Entry.Turn)
            return;
        switch (peer.Entry.Stage)
        {
            case EntryStage.Pausing:
                BeginRound(peer);
                break;
            case EntryStage.Joining when peer.State is { IsMember: true, IsAlone: false }:
                // Company came to us before we went.
                peer.Entry.Stage = EntryStage.Idle;
                break;
            case EntryStage.Joining:
                TryNextTarget(peer);
                break;
            case EntryStage.Lonely:
                LookRound(peer);
                break;
        }
    }

    /// <summary>Everybody it knew is silent.</summary>
    private void SeekRing(SimulatedPeer peer, ImmutableArray<PeerRef> contacts)
    {
        int[] targets = [.. contacts.Select(HostNames.HostOf).Concat(peer.Entry.Remembered.Peers.Select(HostNames.HostOf)).Concat(peer.Entry.StartTargets).Distinct().Where(host => host != peer.Host)];
        peer.Entry.Turn++;
        BeginJoining(peer, targets, mayStandAlone: true);
    }

    private void WatchForCompany(SimulatedPeer peer) => Await(peer, EntryStage.Lonely, RingEntry.LonelyInterval);

    private void LookRound(SimulatedPeer peer)
    {
        if (!peer.State.IsAlone)
        {
            peer.Entry.Stage = EntryStage.Idle;
            return;
        }
        peer.Entry.Targets = [.. peer.Entry.Remembered.Peers.Select(HostNames.HostOf).Concat(peer.Entry.StartTargets).Distinct().Where(host => host != peer.Host)];
        peer.Entry.Try = -1;
        peer.Entry.Looks++;
        LookRoundFurther(peer, introduced: null);
    }

    private void LookRoundFurther(SimulatedPeer peer, Introduced? introduced)
    {
        RingEntry entry = peer.Entry;
        if (introduced is { Phase: MemberPhase.Member } && introduced.Self.Id != peer.Self.Id && IsOurTurn(peer, introduced))
        {
            entry.Looks = 0;
            BeginJoining(peer, [HostNames.HostOf(introduced.Self)], mayStandAlone: true);
            return;
        }
        if (++entry.Try >= entry.Targets.Length)
        {
            WatchForCompany(peer);
            return;
        }
        entry.Stage = EntryStage.LookingRound;
        Introduce(peer, entry.Targets[entry.Try]);
    }

    /// <summary>Of two lonely peers the one with the higher identifier joins the other, unless that one may not know of it.</summary>
    private static bool IsOurTurn(SimulatedPeer peer, Introduced other) =>
        !other.Alone || other.Self.Id < peer.Self.Id || peer.Entry.Looks > RingEntry.LooksBeforeGoingFirst;
}
