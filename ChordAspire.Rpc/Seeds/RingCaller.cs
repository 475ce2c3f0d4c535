using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>
/// Calls the peers of a ring, of either kind: ours in our contract, and who answers <c>UNIMPLEMENTED</c> to that in the seed's, by way of
/// <see cref="SeedNeighbors"/>. On rings too wide for the seed's contract there are ours only.
/// </summary>
public sealed class RingCaller : ISeedCalls
{
    private const string NoAnswer = "No answer in the seed's contract";

    private readonly PeerCaller _peers;
    private readonly SeedCaller _seeds;
    private readonly Func<PeerState> _asker;
    private readonly TimeSpan _timeoutMax;
    private readonly PeerKinds _kinds;
    private readonly SeedNeighbors _neighbors;
    private readonly Action<PeerRef, SeedFault, PeerRef?> _report;

    /// <param name="asker">The state of who calls.</param>
    /// <param name="timeoutMax">No neighbour is waited for longer at the first try.</param>
    /// <param name="report">What a seed peer said that cannot be right.</param>
    public RingCaller(PeerCaller peers, SeedCaller seeds, Func<PeerState> asker, TimeSpan timeoutMax, TimeProvider time, Action<PeerRef, SeedFault, PeerRef?> report)
    {
        (_peers, _seeds, _asker, _timeoutMax, _report) = (peers, seeds, asker, timeoutMax, report);
        _kinds = new PeerKinds(time);
        _neighbors = new SeedNeighbors(this);
    }

    /// <summary>What the seed peers behind us said when we last stabilized: from our successor to the next peer that is none.</summary>
    public IReadOnlyList<SeedView> SeedsSeen => _neighbors.SeenBy(_asker());

    /// <summary>How often a peer turned out to be of another kind than was known.</summary>
    public int KindChanges => _kinds.Changes;

    /// <summary>Whether the peer is known to speak the seed's contract only.</summary>
    public bool IsSeed(PeerRef peer) => _kinds.WasSeed(peer.Address);

    /// <summary>A call in one of our contracts that went past this class was answered with <c>UNIMPLEMENTED</c>.</summary>
    public void NoteSeed(PeerRef peer)
    {
        if (_seeds.IsPossible)
            _kinds.Add(peer.Address);
    }

    /// <summary>Who answers at an address. A seed peer does not say who it is; in its place stands the owner of our place, as far as it knows: as good to join through.</summary>
    public async Task<CallResult<Introduction>> IntroduceAsync(string address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CallResult<Introduction> introduced = await _peers.IntroduceAsync(address, timeout, cancellationToken).ConfigureAwait(false);
        if (introduced.Status != CallStatus.OtherContract)
            return introduced;
        PeerState self = _asker();
        if (!_seeds.IsPossible)
        {
            return CallResult<Introduction>.RefusedFor(
                Refusal.OtherRing, $"it does not speak chord.ring.v1; if it is a peer of the seed's contract (chord.ChordService), that needs a ring of at most {SeedMapping.MaxBits} bits, the seed's own has 6: set CHORD_ID_BITS.");
        }
        PeerRef? owner = await _seeds.LookUpAsync(address, self.Self.Id, cancellationToken).ConfigureAwait(false);
        ImmutableArray<PeerRef> fingers = await _seeds.GetFingersAsync(address, cancellationToken).ConfigureAwait(false);
        foreach (PeerRef contact in fingers.Prepend(owner).OfType<PeerRef>().Where(peer => peer.Id != self.Self.Id).DistinctBy(peer => peer.Id))
        {
            if ((await PingAsync(contact, cancellationToken).ConfigureAwait(false)).IsAnswered)
                return CallResult<Introduction>.Answered(new Introduction(contact, MemberPhase.Member, Alone: false));
        }
        return CallResult<Introduction>.Silent("it speaks the seed's contract only, and names no peer that answers.");
    }

    /// <summary>One hop of a lookup.</summary>
    public Task<CallResult<RouteAnswer>> RouteAsync(PeerRef peer, Identifier key, int hop, TimeSpan timeout, CancellationToken cancellationToken) => CallAsync(
        peer, timeout, () => _peers.RouteAsync(peer, key, hop, timeout, cancellationToken), async () => AnsweredOrSilent(await _neighbors.RouteAsync(_asker(), peer, key).ConfigureAwait(false)), cancellationToken);

    public Task<CallResult<Neighbors>> ReadNeighborsAsync(PeerRef peer, CancellationToken cancellationToken) => CallAsync(
        peer, WalkLimit, () => _peers.ReadNeighborsAsync(peer, cancellationToken), async () => AnsweredOrSilent(await _neighbors.ReadNeighborsAsync(_asker(), peer).ConfigureAwait(false)), cancellationToken);

    public Task<CallResult<bool>> PingAsync(PeerRef peer, CancellationToken cancellationToken) => CallAsync(
        peer, WalkLimit, () => _peers.PingAsync(peer, cancellationToken), () => PingSeedAsync(peer, cancellationToken), cancellationToken);

    public Task<CallResult<bool>> NotifyAsync(PeerRef peer, PeerRef self, CancellationToken cancellationToken) => CallAsync(
        peer, WalkLimit, () => _peers.NotifyAsync(peer, self, cancellationToken), () => DoneAsync(_neighbors.NotifyAsync(peer, self)), cancellationToken);

    public Task<CallResult<bool>> DepartAsync(PeerRef peer, PeerState leaving, CancellationToken cancellationToken) => CallAsync(
        peer, WalkLimit, () => _peers.DepartAsync(peer, leaving.Self, cancellationToken), () => DoneAsync(_neighbors.DepartAsync(leaving, peer)), cancellationToken);

    /// <summary>The seed peers right before us on the circle; null when that is not to be found out now. Empty of seeds on a ring of ours.</summary>
    public async Task<SeedStretch?> FindStretchAsync(CancellationToken cancellationToken)
    {
        Task<SeedStretch?> walk = _neighbors.FindStretchAsync(_asker());
        return await walk.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How long this peer's silence must last to count.</summary>
    public TimeSpan TimeoutOf(PeerRef peer) => _peers.TimeoutOf(peer);

    /// <summary>For all the calls that an answer in a seed peer's place is made from: it is asked on from peer to peer.</summary>
    private TimeSpan WalkLimit => 4 * _timeoutMax;

    async Task<PeerContact> ISeedCalls.PingAsync(PeerRef peer) => ContactOf(peer, await PingAsync(peer, CancellationToken.None).ConfigureAwait(false));

    async Task<(PeerContact Contact, Neighbors? Told)> ISeedCalls.ReadNeighborsAsync(PeerRef peer)
    {
        CallResult<Neighbors?> told = await CallAsync<Neighbors?>(
            peer, WalkLimit,
            async () => (await _peers.ReadNeighborsAsync(peer, CancellationToken.None).ConfigureAwait(false))!,
            async () => (await PingSeedAsync(peer, CancellationToken.None).ConfigureAwait(false)).IsAnswered ? CallResult<Neighbors?>.Answered(null) : CallResult<Neighbors?>.Silent(NoAnswer),
            CancellationToken.None).ConfigureAwait(false);
        return (ContactOf(peer, told), told.Value);
    }

    Task ISeedCalls.TellPredecessorAsync(PeerRef peer, PeerRef predecessor) => _peers.NotifyAsync(peer, predecessor, CancellationToken.None);

    Task<SeedReply> ISeedCalls.FindSuccessorAsync(PeerRef seed, Identifier id) => _seeds.FindSuccessorAsync(seed, id, CancellationToken.None);

    Task<SeedReply> ISeedCalls.GetPredecessorAsync(PeerRef seed) => _seeds.GetPredecessorAsync(seed, CancellationToken.None);

    Task<ImmutableArray<PeerRef>> ISeedCalls.GetFingersAsync(PeerRef seed) => _seeds.GetFingersAsync(seed.Address, CancellationToken.None);

    Task ISeedCalls.NotifySeedAsync(PeerRef seed, PeerRef predecessor) => _seeds.NotifyAsync(seed, predecessor, CancellationToken.None);

    Task ISeedCalls.UpdateSuccessorAsync(PeerRef seed, PeerRef successor) => _seeds.UpdateSuccessorAsync(seed, successor, CancellationToken.None);

    Task ISeedCalls.UpdatePredecessorAsync(PeerRef seed, PeerRef predecessor) => _seeds.UpdatePredecessorAsync(seed, predecessor, CancellationToken.None);

    void ISeedCalls.Report(PeerRef seed, SeedFault fault, PeerRef? about) => _report(seed, fault, about);

    private static CallResult<T> AnsweredOrSilent<T>(T? answer)
        where T : class => answer is null ? CallResult<T>.Silent(NoAnswer) : CallResult<T>.Answered(answer);

    private static async Task<CallResult<bool>> DoneAsync(Task telling)
    {
        await telling.ConfigureAwait(false);
        return CallResult<bool>.Answered(true);
    }

    private PeerContact ContactOf<T>(PeerRef peer, CallResult<T> result) =>
        !result.IsAnswered ? PeerContact.Silent : _kinds.WasSeed(peer.Address) ? PeerContact.Seed : PeerContact.Peer;

    private async Task<CallResult<bool>> PingSeedAsync(PeerRef seed, CancellationToken cancellationToken) =>
        (await _seeds.GetPredecessorAsync(seed, cancellationToken).ConfigureAwait(false)).IsAnswered ? CallResult<bool>.Answered(true) : CallResult<bool>.Silent(NoAnswer);

    /// <summary>Calls a peer in our contract, and when it does not speak that, in the seed's.</summary>
    private async Task<CallResult<T>> CallAsync<T>(PeerRef peer, TimeSpan limit, Func<Task<CallResult<T>>> ours, Func<Task<CallResult<T>>> seeds, CancellationToken cancellationToken)
    {
        if (!_seeds.IsPossible)
            return await ours().ConfigureAwait(false);
        if (!_kinds.IsSeed(peer.Address))
        {
            CallResult<T> result = await ours().ConfigureAwait(false);
            if (result.Status != CallStatus.OtherContract)
            {
                if (result.Status != CallStatus.Silent)
                    _kinds.Remove(peer.Address);
                return result;
            }
            _kinds.Add(peer.Address);
        }
        CallResult<T> answer;
        try
        {
            answer = await seeds().WaitAsync(limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            answer = CallResult<T>.Silent($"{NoAnswer} within {limit}");
        }
        if (!answer.IsAnswered)
            _kinds.Doubt(peer.Address);
        return answer;
    }
}
