using System.Diagnostics;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Calls between peers, with the production host's timeouts: adaptive per neighbour, and a second, longer try for maintenance.</summary>
public sealed partial class SimulatedRing
{
    internal static readonly object Yes = new();
    private readonly List<Call> _held = [];

    private void Send(Call call) => Send(call, call.Asker.TimeoutOf(call.TargetHost, _timings));

    private void Send(Call call, TimeSpan timeout)
    {
        SimulatedPeer asker = call.Asker;
        call.Sent = _now;
        call.Deadline = _now + asker.LocalTicks(timeout);
        Traffic.CountRequest(call);
        if (IsLost(asker, call.TargetHost, asker.Network))
        {
            Silence(call);
            return;
        }
        if (Links.Disturbed && Links.IsHeld(asker.Host, call.TargetHost))
        {
            _held.Add(call);
            Silence(call);
            return;
        }
        SimulatedPeer target = _peers[call.TargetHost];
        _queue.Add(_now + LatencyOf(asker, call.TargetHost), Happening.Request, target, call);
        if (asker.Network.Happens(Network.Duplication))
        {
            Sightings.Count(Sighting.RequestDuplicated);
            _queue.Add(_now + LatencyOf(asker, call.TargetHost), Happening.Request, target, call);
        }
    }

    private long LatencyOf(SimulatedPeer from, int to)
    {
        long latency = Network.Latency.OneWay(from.Host, to, from.Network).Ticks;
        if (from.Network.Happens(Network.Reordering))
        {
            Sightings.Count(Sighting.MessageHeldUp);
            latency += from.Network.Uniform(TimeSpan.Zero, Network.ReorderingDelayMax).Ticks;
        }
        return latency;
    }

    private bool IsLost(SimulatedPeer from, int to, Chance chance)
    {
        bool lost = chance.Happens(Network.Loss) || (Links.Disturbed && !Links.Passes(from.Host, to));
        if (lost)
            Sightings.Count(Sighting.MessageLost);
        return lost;
    }

    /// <summary>Nothing will come back: the asker finds out when its patience ends.</summary>
    private void Silence(Call call)
    {
        if (call.HasOutcome)
            Inform(call, call.Deadline);
    }

    private void Inform(Call call, long at)
    {
        if (call.Asker.IsAlive && call.Asker.Life == call.AskerLife)
            _queue.Add(Math.Max(at, _now), Happening.Outcome, call.Asker, call);
    }

    private void Arrive(Call call)
    {
        SimulatedPeer target = _peers[call.TargetHost];
        if (target.IsAlive)
            Serve(call, target);
        else if (Network.DeadPeersRefuse && call.HasOutcome)
            Inform(call, Math.Min(_now + LatencyOf(target, call.Asker.Host), call.Deadline));
        else
            Silence(call);
    }

    private void Serve(Call call, SimulatedPeer target)
    {
        object? answer = null;
        if (target.Seed is { } seed)
        {
            answer = seed.IsListening ? OtherContract.Instance : null;
        }
        else if (call.Kind == CallKind.Introduce)
        {
            answer = new Introduced(target.Self, target.State.Phase, target.State.IsAlone);
        }
        else if (target.State.IsMember && target.Self.Id == call.Target.Id)
        {
            switch (call.Kind)
            {
                case CallKind.Route:
                    answer = Routing.Answer(target.State, call.Lookup!.Key);
                    break;
                case CallKind.ReadNeighbors:
                    answer = AskForNeighbors(call, target);
                    break;
                case CallKind.Ping:
                    answer = Yes;
                    break;
                case CallKind.Notify:
                    if (!call.Asker.IsLiveMember)
                        Sightings.Count(Sighting.StaleNotify);
                    Handle(target, new ChordEvent.Notified(call.Who ?? call.Asker.Self));
                    answer = Yes;
                    break;
                case CallKind.Depart:
                    Handle(target, new ChordEvent.Departed(call.Asker.Self));
                    answer = Yes;
                    break;
            }
        }
        if (call.HasOutcome)
            Return(call, target, answer);
    }

    private object? AskForNeighbors(Call call, SimulatedPeer target)
    {
        // The answer is an effect of the same step, so the token need not tell it from others: it says who asks. A duplicate asks again, but only its first
        // answer counts.
        object? first = call.Answer;
        _asking = call;
        Handle(target, new ChordEvent.NeighborsAsked(call.Asker.Host));
        _asking = null;
        (object? answer, call.Answer) = (call.Answer, first);
        return answer;
    }

    private void Return(Call call, SimulatedPeer target, object? answer)
    {
        if (call.CameBack || call.Ended)
            return;
        Traffic.CountAnswer(call);
        if (IsLost(target, call.Asker.Host, target.Network))
        {
            Silence(call);
            return;
        }
        long arrival = _now + LatencyOf(target, call.Asker.Host);
        if (arrival > call.Deadline)
        {
            Silence(call);
            return;
        }
        call.CameBack = true;
        call.Answer = answer;
        if (call.Kind == CallKind.ReadNeighbors && call.Asker.IsAlive && call.Asker.Life == call.AskerLife)
            call.Asker.AnswerUnderWay = call;
        Inform(call, arrival);
    }

    private void Conclude(Call call)
    {
        if (call.Ended)
            return;
        call.Ended = true;
        SimulatedPeer asker = call.Asker;
        if (ReferenceEquals(asker.AnswerUnderWay, call))
            asker.AnswerUnderWay = null;
        if (call.Answer is not null)
            asker.CountRoundTrip(call.TargetHost, new TimeSpan(_now - call.Sent));
        else if (!call.CameBack && call.TryAgain && _now >= call.Deadline)
        {
            Sightings.Count(Sighting.CallTriedTwice);
            TimeSpan longer = 2 * new TimeSpan(call.Deadline - call.Sent);
            Send(new Call(call.Kind, asker, call.Target, call.TargetHost) { Question = call.Question, Who = call.Who, Done = call.Done }, longer);
            return;
        }
        if (call.Done is { } done)
        {
            done.SetResult(call);
            return;
        }
        switch (call.Kind)
        {
            case CallKind.Route:
                GoOn(call.Lookup!, call.Target, call.Answer as RouteAnswer);
                break;
            case CallKind.Introduce:
                TakeIntroduction(asker, call.Answer as Introduced);
                break;
            case CallKind.Ping:
                if (call.Answer is null)
                    Sightings.Count(Sighting.PredecessorFoundSilent);
                Handle(asker, call.Answer is null ? new ChordEvent.PingNotAnswered(call.Target) : new ChordEvent.PingAnswered(call.Target));
                break;
            case CallKind.ReadNeighbors when call.Answer is Neighbors neighbors:
                Handle(asker, new ChordEvent.NeighborsTold(call.Target, call.Question, neighbors));
                break;
            case CallKind.ReadNeighbors:
                CheckDetector(call, asker);
                Handle(asker, new ChordEvent.NeighborsNotTold(call.Target, call.Question));
                break;
            default:
                throw new UnreachableException($"Nobody waits for the outcome of {call.Kind}.");
        }
    }

    /// <summary>
    /// Whether a successor is about to be dropped that is a living member: it was slow, or it was asked in a former life and has come back meanwhile. The proof
    /// knows no such thing, since there a question and its outcome are one moment.
    /// </summary>
    private void CheckDetector(Call call, SimulatedPeer asker)
    {
        if (!call.CameBack)
            CheckDetector(asker, call.Target);
    }
}
