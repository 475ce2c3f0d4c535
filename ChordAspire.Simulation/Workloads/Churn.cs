namespace ChordAspire.Simulation;

/// <summary>How a peer goes.</summary>
public enum Departure
{
    /// <summary>With notice to its neighbours: ToN 2003 §IV-E.3 on voluntary departures.</summary>
    Leave,

    /// <summary>Without: its process ends.</summary>
    Crash,
}

/// <summary>Peers that come and go for ever: newcomers under new identifiers, through any member.</summary>
public sealed class Churn(SimulatedRing ring, OwnerOracle oracle, Chance chance)
{
    private const int MembersMin = 2;

    public int Joins { get; private set; }

    public int Departures { get; private set; }

    /// <summary>Two Poisson processes of the same rate, one of joins and one of departures (SIGCOMM 2001 §6.5, ToN 2003 §V-E).</summary>
    /// <param name="mean">Time between two joins on average, and between two departures.</param>
    /// <param name="departure">How they go.</param>
    public void Begin(TimeSpan mean, Departure departure)
    {
        Repeat(mean, Join);
        Repeat(mean, () => Depart(oracle.Members[chance.Next(oracle.Members.Count)], departure));
    }

    /// <summary>
    /// Every member stays for the rest of its session, then crashes and is followed by a newcomer for a whole one, so that the ring keeps its size.
    /// </summary>
    public void BeginSessions(Sessions sessions)
    {
        foreach (SimulatedPeer peer in oracle.Members)
            EndAfter(peer, sessions.DrawRest(chance), sessions);
    }

    private void EndAfter(SimulatedPeer peer, TimeSpan session, Sessions sessions) => ring.After(session, () =>
    {
        if (peer.IsAlive)
            Depart(peer, Departure.Crash);
        EndAfter(Join(), sessions.Draw(chance), sessions);
    });

    private void Repeat(TimeSpan mean, Action action) => ring.After(chance.Exponential(mean), () =>
    {
        action();
        Repeat(mean, action);
    });

    private void Repeat(TimeSpan mean, Func<SimulatedPeer> action) => Repeat(mean, () => { action(); });

    private SimulatedPeer Join()
    {
        SimulatedPeer newcomer = ring.AddPeer(chance.NextIdentifier(ring.Parameters.Bits));
        // Several to try: the first may be gone when it is asked.
        int[] targets = [.. Enumerable.Range(0, 3).Select(_ => oracle.Members[chance.Next(oracle.Members.Count)].Host).Distinct()];
        ring.Start(newcomer, targets);
        Joins++;
        return newcomer;
    }

    private void Depart(SimulatedPeer peer, Departure departure)
    {
        if (oracle.Members.Count <= MembersMin)
            return;
        Departures++;
        if (departure == Departure.Crash)
            ring.Crash(peer);
        else
            ring.Leave(peer);
    }
}
