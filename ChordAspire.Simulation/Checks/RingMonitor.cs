using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Watches a simulated ring: checks the invariant after every event that may matter to it, and takes note when the contract is broken.</summary>
/// <remarks>Only successor lists and who is a living member enter the invariant; an event that changed neither cannot have broken it.</remarks>
public sealed class RingMonitor : IRingObserver
{
    private readonly SimulatedRing _ring;
    private readonly InvariantChecker _checker;
    private readonly Func<ViolationKind, bool> _counts;
    private readonly List<PeerState> _members = [];
    private bool _membersStale = true;
    private bool _formed;

    /// <param name="ring">The ring to watch; the monitor becomes its observer.</param>
    /// <param name="contract">Tells when the ring has formed.</param>
    /// <param name="counts">The kinds that count as violations; null: all of them.</param>
    public RingMonitor(SimulatedRing ring, FailureContract contract, Func<ViolationKind, bool>? counts = null)
    {
        _ring = ring;
        _checker = new InvariantChecker(ring.Parameters.SuccessorListLength);
        Contract = contract;
        _counts = counts ?? (_ => true);
        ring.Observer = this;
    }

    /// <summary>The first violation; null so far.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>Why the run has left the protocol's contract, if it has. What happens afterwards is nobody's fault.</summary>
    public ContractBreach? Breach { get; private set; }

    /// <summary>The failures that are allowed.</summary>
    public FailureContract Contract { get; }

    /// <summary>Checks made.</summary>
    public long Checks { get; private set; }

    /// <summary>Sees each event after the monitor has; for reports.</summary>
    public IRingObserver? Next { get; init; }

    public bool IsIdeal => _checker.IsIdeal(Members());

    /// <summary>Rounds that every member has ended since counting began; those taken back do not count.</summary>
    public RoundCounter Rounds { get; } = new();

    public void Break(ContractBreach breach) => Breach ??= breach;

    public void Blame(ViolationKind kind, PeerRef? peer, string detail)
    {
        if (Violation is null && Breach is null && _counts(kind))
            Violation = new Violation(kind, _ring.Now, peer, detail);
    }

    public void Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step)
    {
        PeerState after = step.State;
        if (!ReferenceEquals(before, after))
            _membersStale |= before.IsMember || after.IsMember;
        foreach (Effect effect in step.Effects)
        {
            if (effect is Effect.Report report)
                Note(peer, report.Notice);
        }
        if (before.Phase == MemberPhase.Joining && after.IsMember && input is ChordEvent.NeighborsTold(_, _, var told) && after.Successors.Count < told.Successors.Count)
            Blame(ViolationKind.ShortListAtBirth, peer.Self, $"{peer.Self} was told {told.Successors} and knows {after.Successors}.");
        if (!ReferenceEquals(before.Successors, after.Successors) || before.IsMember != after.IsMember)
            Check();
        Next?.Handled(peer, before, input, step);
    }

    public void LivenessChanged(SimulatedPeer peer)
    {
        _membersStale = true;
        Rounds.Forget(peer.Host);
        if (!peer.IsAlive)
            Check();
        Next?.LivenessChanged(peer);
    }

    public void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent)
    {
        Break(ContractBreach.LivingPeerFoundSilent);
        Next?.WronglyFoundSilent(asker, silent);
    }

    public void LookupEnded(LookupRun run) => Next?.LookupEnded(run);

    private void Note(SimulatedPeer peer, ChordNotice notice)
    {
        switch (notice)
        {
            case ChordNotice.MonitorTripped(var monitor, var detail):
                Blame(ViolationKind.MonitorTripped, peer.Self, $"{monitor}: {detail}");
                break;
            case ChordNotice.RoundDone:
                Rounds.Count(peer.Host);
                break;
        }
    }

    private void Check()
    {
        if (Violation is not null || Breach is not null)
            return;
        Checks++;
        (ViolationKind Kind, PeerRef? Peer)? found = _checker.Check(Members());
        // Until a ring has formed the invariant has yet to come about; what it implies must hold already.
        _formed = _formed || Contract.HasFormed();
        if (found is (ViolationKind kind, var peer) && (_formed || kind != ViolationKind.TooFewPrincipals))
            Blame(kind, peer, Violation.Describe(kind, peer));
    }

    private List<PeerState> Members()
    {
        if (_membersStale)
        {
            _members.Clear();
            foreach (SimulatedPeer peer in _ring.Peers)
            {
                if (peer.IsLiveMember)
                    _members.Add(peer.State);
            }
            _membersStale = false;
        }
        return _members;
    }
}
