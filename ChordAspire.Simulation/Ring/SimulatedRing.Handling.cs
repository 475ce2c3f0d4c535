using System.Diagnostics;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>How events reach a peer, and how its effects are carried out.</summary>
public sealed partial class SimulatedRing
{
    private const double NoticeableDrift = 0.01;

    /// <summary>The call whose neighbours are being asked for right now: the answer is an effect of the same step.</summary>
    private Call? _asking;

    /// <summary>Gives one event to one peer.</summary>
    public void Tell(SimulatedPeer peer, ChordEvent input) => Handle(peer, input);

    private void Handle(SimulatedPeer peer, ChordEvent input)
    {
        PeerState before = peer.State;
        Step step = _rules(before, input);
        PeerState after = step.State;
        peer.State = after;
        _trace.Add(EventCodes.Of(input), peer.Host);
        if (!ReferenceEquals(before, after))
            Trace(peer, before, after);
        foreach (Effect effect in step.Effects)
            Carry(peer, effect);
        if (after.IsAlone && peer.Entry.Stage == EntryStage.Idle)
            WatchForCompany(peer);
        Observer?.Handled(peer, before, input, step);
        if (after.Phase == MemberPhase.Left && before.Phase != MemberPhase.Left)
        {
            if (_isMixed)
                Watch(SayFarewellAsync(peer));
            else
                EndAfterLeaving(peer);
        }
    }

    private void Trace(SimulatedPeer peer, PeerState before, PeerState after)
    {
        if (before.Phase != after.Phase)
            _trace.Add((long)after.Phase);
        if (before.Predecessor != after.Predecessor)
            _trace.Add(after.Predecessor is { } predecessor ? HostNames.HostOf(predecessor) : -1);
        if (ReferenceEquals(before.Successors, after.Successors))
            return;
        if (after.Successors.Count > 0)
            peer.Entry.Remembered = after.Successors;
        foreach (PeerRef successor in after.Successors.Peers)
            _trace.Add(HostNames.HostOf(successor));
    }

    private void Carry(SimulatedPeer peer, Effect effect)
    {
        if (_isMixed && CarryMixed(peer, effect))
            return;
        switch (effect)
        {
            case Effect.AskNeighbors(PeerRef target, int question):
                Send(new Call(CallKind.ReadNeighbors, peer, target, HostNames.HostOf(target)) { Question = question, TryAgain = true });
                break;
            case Effect.Ping(PeerRef target):
                Send(new Call(CallKind.Ping, peer, target, HostNames.HostOf(target)) { TryAgain = true });
                break;
            case Effect.Notify(PeerRef target):
                Send(new Call(CallKind.Notify, peer, target, HostNames.HostOf(target)));
                break;
            case Effect.TellDeparture(PeerRef target):
                Send(new Call(CallKind.Depart, peer, target, HostNames.HostOf(target)));
                break;
            case Effect.AnswerNeighbors(_, var neighbors):
                _asking!.Answer = neighbors;
                break;
            case Effect.LookUp(Identifier key, LookupPurpose purpose, var contact):
                BeginLookup(peer, key, purpose, contact, ended: null);
                break;
            case Effect.HandOver(PeerRef to):
                _storage.HandOver(peer, to);
                break;
            case Effect.HandOverEverything:
                _queue.Add(_now + _storage.HandOverEverything(peer).Ticks, Happening.HandedOver, peer, payload: null);
                break;
            case Effect.JoinFailed(JoinFailure reason, _):
                JoinFailed(peer, reason);
                break;
            case Effect.SeekRing(var contacts):
                SeekRing(peer, contacts);
                break;
            case Effect.Report(ChordNotice notice):
                Note(peer, notice);
                break;
            default:
                throw new UnreachableException($"No way to carry out {effect}.");
        }
    }

    private void Note(SimulatedPeer peer, ChordNotice notice)
    {
        switch (notice)
        {
            case ChordNotice.BecameMember:
                peer.MemberSince = Now;
                peer.Entry.Joined();
                break;
            case ChordNotice.RoundTakenBack:
                Sightings.Count(Sighting.RoundTakenBack);
                break;
            case ChordNotice.PeerDropped:
                Sightings.Count(Sighting.SilentNeighbourDropped);
                break;
            case ChordNotice.LeftRing:
                Sightings.Count(Sighting.PeerLeft);
                break;
        }
    }

    private void GoOnHandingOver(SimulatedPeer peer)
    {
        TimeSpan more = _storage.MoreToHandOver(peer);
        if (more > TimeSpan.Zero)
            _queue.Add(_now + more.Ticks, Happening.HandedOver, peer, payload: null);
        else
            Handle(peer, new ChordEvent.HandedOver());
    }

    /// <summary>Its goodbyes are under way: the process ends.</summary>
    private void EndAfterLeaving(SimulatedPeer peer)
    {
        BreakOff(peer);
        peer.End();
        _storage.Died(peer, diskSurvives: true);
        Observer?.LivenessChanged(peer);
    }

    private void StartTimers(SimulatedPeer peer)
    {
        _queue.Add(_now + peer.LocalTicks(_timings.Stabilize.Draw(peer.Timers)), Happening.StabilizeTimer, peer, payload: null);
        if (_timings.FixFingers is { } interval)
            _queue.Add(_now + peer.LocalTicks(interval.Draw(peer.Timers)), Happening.FixFingersTimer, peer, payload: null);
    }

    private void RingStabilizeTimer(SimulatedPeer peer)
    {
        _queue.Add(_now + peer.LocalTicks(_timings.Stabilize.Draw(peer.Timers)), Happening.StabilizeTimer, peer, payload: null);
        if (peer.ClockRate is > 1 + NoticeableDrift or < 1 - NoticeableDrift)
            Sightings.Count(Sighting.ClockDrifted);
        Handle(peer, Due.Stabilize);
    }

    private void RingFixFingersTimer(SimulatedPeer peer)
    {
        _queue.Add(_now + peer.LocalTicks(_timings.FixFingers!.Value.Draw(peer.Timers)), Happening.FixFingersTimer, peer, payload: null);
        peer.FingersLeft = _timings.FingersAtOnce - 1;
        Handle(peer, Due.FixFingers);
    }

    /// <summary>Events that say nothing but that they are due: one of each is enough.</summary>
    private static class Due
    {
        public static readonly ChordEvent Stabilize = new ChordEvent.StabilizeDue();
        public static readonly ChordEvent FixFingers = new ChordEvent.FixFingersDue();
    }
}
