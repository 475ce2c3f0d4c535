using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// Checks Zave's invariant (TSE 2017: OneLiveSuccessor, and at least r + 1 principals) and what it implies, over all living members at one moment.
/// Keeps its tables between checks, so that one check of a small ring takes about a microsecond. Not thread-safe.
/// </summary>
/// <param name="successorListLength">r.</param>
public sealed class InvariantChecker(int successorListLength)
{
    private const int None = -1;
    private PeerState[] _members = [];
    private int[] _best = [];
    private int[] _visit = [];
    private bool[] _onRing = [];
    private bool[] _skipped = [];
    private int _count;

    /// <summary>The members that no member's list leaves out, as of the last check.</summary>
    public int Principals { get; private set; }

    /// <summary>The first thing that is wrong with these members, and at whom; null when all is well. Of several, the one that comes first in <see cref="ViolationKind"/>.</summary>
    public (ViolationKind Kind, PeerRef? Peer)? Check(IReadOnlyList<PeerState> members)
    {
        Load(members);
        if (_count == 0)
            return null;
        return CheckRing() ?? CheckInvariant() ?? CheckLists();
    }

    /// <summary>Whether every predecessor and every list is globally right.</summary>
    public bool IsIdeal(IReadOnlyList<PeerState> members)
    {
        Load(members);
        for (int i = 0; i < _count; i++)
        {
            PeerState state = _members[i];
            PeerRef? before = _count == 1 ? null : _members[(i + _count - 1) % _count].Self;
            int others = Math.Min(_count - 1, successorListLength);
            if (state.Predecessor != before || state.Successors.Count != others)
                return false;
            for (int step = 1; step <= others; step++)
            {
                if (state.Successors.Peers[step - 1] != _members[(i + step) % _count].Self)
                    return false;
            }
        }
        return _count > 0;
    }

    /// <summary>How many of these members are left out by nobody's list.</summary>
    public int CountPrincipals(IReadOnlyList<PeerState> members)
    {
        Load(members);
        CountPrincipals();
        return Principals;
    }

    private void Load(IReadOnlyList<PeerState> members)
    {
        _count = members.Count;
        if (_members.Length < _count)
        {
            _members = new PeerState[_count * 2];
            _best = new int[_count * 2];
            _visit = new int[_count * 2];
            _onRing = new bool[_count * 2];
            _skipped = new bool[_count * 2];
        }
        for (int i = 0; i < _count; i++)
            _members[i] = members[i];
        Array.Sort(_members, 0, _count, ById.Instance);
        for (int i = 0; i < _count; i++)
            _best[i] = BestSuccessor(_members[i], i);
    }

    /// <summary>The place of the first living entry; a member alone is its own successor.</summary>
    private int BestSuccessor(PeerState state, int self)
    {
        foreach (PeerRef entry in state.Successors.Peers)
        {
            int place = PlaceOf(entry.Id);
            if (place < _count && _members[place].Self.Id == entry.Id)
                return place;
        }
        return state.Successors is { Count: 0, SpansRing: true } ? self : None;
    }

    /// <summary>The place of the first member at or after this identifier; the count when there is none.</summary>
    private int PlaceOf(Identifier id) => PlaceInOrder.Of(id, _members.AsSpan(0, _count));

    private (ViolationKind, PeerRef?)? CheckRing()
    {
        int rings = FindRings(out int second);
        if (rings == 0)
            return (ViolationKind.LostRing, null);
        if (rings > 1)
            return (ViolationKind.TwoRings, _members[second].Self);
        int previous = LastOnRing();
        for (int i = 0; i < _count; i++)
        {
            if (!_onRing[i])
                continue;
            if (_best[previous] != i)
                return (ViolationKind.DisorderedRing, _members[previous].Self);
            previous = i;
        }
        for (int i = 0; i < _count; i++)
        {
            int at = i;
            while (at != None && !_onRing[at])
                at = _best[at];
            if (at == None)
                return (ViolationKind.StrandedAppendage, _members[i].Self);
        }
        return null;
    }

    /// <summary>Follows each member until it meets a path walked before: its own path closes a cycle.</summary>
    private int FindRings(out int second)
    {
        Array.Clear(_visit, 0, _count);
        Array.Clear(_onRing, 0, _count);
        int rings = 0;
        second = None;
        for (int start = 0; start < _count; start++)
        {
            int walk = start + 1;
            int at = start;
            while (at != None && _visit[at] == 0)
            {
                _visit[at] = walk;
                at = _best[at];
            }
            if (at == None || _visit[at] != walk)
                continue;
            rings++;
            second = at;
            for (int on = at; !_onRing[on]; on = _best[on])
                _onRing[on] = true;
        }
        return rings;
    }

    private int LastOnRing()
    {
        int last = _count - 1;
        while (!_onRing[last])
            last--;
        return last;
    }

    private (ViolationKind, PeerRef?)? CheckInvariant()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_best[i] == None)
                return (ViolationKind.NoLiveSuccessor, _members[i].Self);
        }
        CountPrincipals();
        // A ring of at most r peers is still forming; who knows them all leaves nobody out.
        int wanted = Math.Min(successorListLength + 1, _count);
        return Principals < wanted && _count > successorListLength ? (ViolationKind.TooFewPrincipals, null) : null;
    }

    private void CountPrincipals()
    {
        Array.Clear(_skipped, 0, _count);
        for (int i = 0; i < _count; i++)
        {
            Identifier before = _members[i].Self.Id;
            foreach (PeerRef entry in _members[i].Successors.Peers)
            {
                MarkBetween(before, entry.Id);
                before = entry.Id;
            }
        }
        Principals = 0;
        for (int i = 0; i < _count; i++)
            Principals += _skipped[i] ? 0 : 1;
    }

    private void MarkBetween(Identifier from, Identifier to)
    {
        int at = PlaceOf(from) % _count;
        for (int steps = 0; steps <= _count; steps++, at = at + 1 == _count ? 0 : at + 1)
        {
            Identifier id = _members[at].Self.Id;
            if (id == from)
                continue;
            if (!id.IsBetween(from, to))
                return;
            _skipped[at] = true;
        }
    }

    private (ViolationKind, PeerRef?)? CheckLists()
    {
        for (int i = 0; i < _count; i++)
        {
            if (!LocalMonitors.NoDuplicates(_members[i]))
                return (ViolationKind.DuplicateSuccessors, _members[i].Self);
            if (!LocalMonitors.OrderedSuccessorLists(_members[i]))
                return (ViolationKind.DisorderedSuccessors, _members[i].Self);
        }
        return null;
    }

    private sealed class ById : IComparer<PeerState>
    {
        public static readonly ById Instance = new();

        public int Compare(PeerState? x, PeerState? y) => x!.Self.Id.CompareTo(y!.Self.Id);
    }
}
