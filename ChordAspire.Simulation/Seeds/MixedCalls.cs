using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>
/// The calls of one of our peers in a ring that has seed peers too: what the production host's <c>RingCaller</c> does, with its deadlines. Ours are called in
/// our contract; who answers that with "unimplemented" is called in the seed's from then on, by way of <see cref="SeedNeighbors"/>.
/// </summary>
internal sealed class MixedCalls : ISeedCalls
{
    private readonly SimulatedRing _ring;
    private readonly SimulatedPeer _self;
    private readonly SeedNeighbors _neighbors;
    private readonly KnownKinds _kinds = new();

    public MixedCalls(SimulatedRing ring, SimulatedPeer self)
    {
        (_ring, _self) = (ring, self);
        _neighbors = new SeedNeighbors(ring.Options.SeedCalls?.Invoke(this) ?? this);
    }

    private PeerTimings Timings => _ring.Options.Timings;

    /// <summary>For all the calls that an answer in a seed peer's place is made from.</summary>
    private TimeSpan WalkLimit => 4 * Timings.CallTimeoutMax;

    public bool WasSeed(PeerRef peer) => _kinds.WasSeed(HostNames.HostOf(peer));

    /// <summary>A seed peer does not say who it is; in its place stands the owner of our place, as far as it knows.</summary>
    public async Task<Introduced?> IntroduceAsync(int host)
    {
        Call introduced = await _ring.CallOursAsync(new Call(CallKind.Introduce, _self, _ring.Peers[host].Self, host), Timings.CallTimeoutMax).ConfigureAwait(false);
        if (introduced.Answer is not OtherContract)
            return introduced.Answer as Introduced;
        SeedResult owner = await CallAsync(host, SeedMethod.FindSuccessor, Timings.CallTimeoutMax, _self.Self.Id).ConfigureAwait(false);
        SeedResult fingers = await CallAsync(host, SeedMethod.GetFingerTable, TimeoutOf(host)).ConfigureAwait(false);
        IEnumerable<PeerRef> contacts = fingers.IsAnswered ? fingers.Fingers : [];
        foreach (PeerRef contact in contacts.Prepend(owner.Peer!).Where(peer => peer is not null && peer.Id != _self.Self.Id).DistinctBy(peer => peer.Id))
        {
            if (await PingAsync(contact).ConfigureAwait(false))
                return new Introduced(contact, MemberPhase.Member, Alone: false);
        }
        return null;
    }

    public Task<RouteAnswer?> RouteAsync(PeerRef peer, LookupRun run, TimeSpan timeout) => CallAsync<RouteAnswer>(
        peer, timeout, () => new Call(CallKind.Route, _self, peer, HostNames.HostOf(peer)) { Lookup = run }, timeout, () => _neighbors.RouteAsync(_self.State, peer, run.Key));

    public Task<Neighbors?> ReadNeighborsAsync(PeerRef peer) => CallAsync<Neighbors>(
        peer, TimeoutOf(peer), () => Twice(CallKind.ReadNeighbors, peer), WalkLimit, () => _neighbors.ReadNeighborsAsync(_self.State, peer));

    public async Task<bool> PingAsync(PeerRef peer) =>
        await CallAsync<object>(peer, TimeoutOf(peer), () => Twice(CallKind.Ping, peer), WalkLimit, () => PingSeedAsync(peer)).ConfigureAwait(false) is not null;

    public Task NotifyAsync(PeerRef peer) => CallAsync<object>(
        peer, TimeoutOf(peer), () => new Call(CallKind.Notify, _self, peer, HostNames.HostOf(peer)), WalkLimit, () => DoneAsync(_neighbors.NotifyAsync(peer, _self.Self)));

    public Task DepartAsync(PeerRef peer, PeerState leaving) => CallAsync<object>(
        peer, TimeoutOf(peer), () => new Call(CallKind.Depart, _self, peer, HostNames.HostOf(peer)), WalkLimit, () => DoneAsync(_neighbors.DepartAsync(leaving, peer)));

    async Task<PeerContact> ISeedCalls.PingAsync(PeerRef peer) => ContactOf(peer, await PingAsync(peer).ConfigureAwait(false));

    async Task<(PeerContact Contact, Neighbors? Told)> ISeedCalls.ReadNeighborsAsync(PeerRef peer)
    {
        object? told = await CallAsync<object>(peer, TimeoutOf(peer), () => Twice(CallKind.ReadNeighbors, peer), WalkLimit, () => PingSeedAsync(peer)).ConfigureAwait(false);
        return (ContactOf(peer, told is not null), told as Neighbors);
    }

    Task ISeedCalls.TellPredecessorAsync(PeerRef peer, PeerRef predecessor) =>
        _ring.CallOursAsync(new Call(CallKind.Notify, _self, peer, HostNames.HostOf(peer)) { Who = predecessor }, TimeoutOf(peer));

    async Task<SeedReply> ISeedCalls.FindSuccessorAsync(PeerRef seed, Identifier id) =>
        Of(await CallAsync(HostNames.HostOf(seed), SeedMethod.FindSuccessor, TimeoutOf(seed), id).ConfigureAwait(false));

    async Task<SeedReply> ISeedCalls.GetPredecessorAsync(PeerRef seed) => Of(await GetPredecessorAsync(seed).ConfigureAwait(false));

    async Task<ImmutableArray<PeerRef>> ISeedCalls.GetFingersAsync(PeerRef seed)
    {
        SeedResult told = await CallAsync(HostNames.HostOf(seed), SeedMethod.GetFingerTable, TimeoutOf(seed)).ConfigureAwait(false);
        return told.IsAnswered ? told.Fingers : [];
    }

    Task ISeedCalls.NotifySeedAsync(PeerRef seed, PeerRef predecessor) => TellAsync(seed, SeedMethod.Notify, predecessor);

    Task ISeedCalls.UpdateSuccessorAsync(PeerRef seed, PeerRef successor)
    {
        _ring.SeedsTaught++;
        return TellAsync(seed, SeedMethod.UpdateSuccessor, successor);
    }

    Task ISeedCalls.UpdatePredecessorAsync(PeerRef seed, PeerRef predecessor) => TellAsync(seed, SeedMethod.UpdatePredecessor, predecessor);

    void ISeedCalls.Report(PeerRef seed, SeedFault fault, PeerRef? about) => _ring.SeedFaults.Add((HostNames.HostOf(seed), fault));

    private static SeedReply Of(SeedResult result) => new(result.IsAnswered, result.Peer);

    private static async Task<object?> DoneAsync(Task telling)
    {
        await telling.ConfigureAwait(false);
        return SimulatedRing.Yes;
    }

    private TimeSpan TimeoutOf(PeerRef peer) => TimeoutOf(HostNames.HostOf(peer));

    private TimeSpan TimeoutOf(int host) => _self.TimeoutOf(host, Timings);

    private Call Twice(CallKind kind, PeerRef peer) => new(kind, _self, peer, HostNames.HostOf(peer)) { TryAgain = true };

    private PeerContact ContactOf(PeerRef peer, bool isAnswered) =>
        !isAnswered ? PeerContact.Silent : WasSeed(peer) ? PeerContact.Seed : PeerContact.Peer;

    private async Task<object?> PingSeedAsync(PeerRef seed) => (await GetPredecessorAsync(seed).ConfigureAwait(false)).IsAnswered ? SimulatedRing.Yes : null;

    /// <summary>A slow one gets a second, longer chance.</summary>
    private async Task<SeedResult> GetPredecessorAsync(PeerRef seed)
    {
        TimeSpan timeout = TimeoutOf(seed);
        SeedResult first = await CallAsync(HostNames.HostOf(seed), SeedMethod.GetPredecessor, timeout).ConfigureAwait(false);
        return first.End == SeedCallEnd.TimedOut ? await CallAsync(HostNames.HostOf(seed), SeedMethod.GetPredecessor, 2 * timeout).ConfigureAwait(false) : first;
    }

    private Task<SeedResult> TellAsync(PeerRef seed, SeedMethod method, PeerRef who) => CallAsync(HostNames.HostOf(seed), method, TimeoutOf(seed), who: who);

    private async Task<SeedResult> CallAsync(int host, SeedMethod method, TimeSpan timeout, Identifier id = default, PeerRef? who = null)
    {
        long sent = _ring.Now.Ticks;
        SeedResult result = await _ring.CallSeedsAsync(_self, host, method, id, who, timeout).ConfigureAwait(false);
        if (result.IsAnswered)
            _self.CountRoundTrip(host, new TimeSpan(_ring.Now.Ticks - sent));
        return result;
    }

    /// <summary>Calls a peer in our contract, and when it does not speak that, in the seed's.</summary>
    private async Task<T?> CallAsync<T>(PeerRef peer, TimeSpan timeout, Func<Call> ours, TimeSpan limit, Func<Task<T?>> seeds)
        where T : class
    {
        int host = HostNames.HostOf(peer);
        if (!_kinds.IsSeed(host, _ring.Now.Ticks))
        {
            Call call = await _ring.CallOursAsync(ours(), timeout).ConfigureAwait(false);
            if (call.Answer is not OtherContract)
            {
                if (call.CameBack)
                    _kinds.Remove(host);
                return (T?)call.Answer;
            }
            _kinds.Add(host, _ring.Now.Ticks);
        }
        T? answer = await _ring.WithinAsync(_self, limit, seeds()).ConfigureAwait(false);
        if (answer is null)
            _kinds.Doubt(host);
        return answer;
    }
}

/// <summary>How a seed peer answers our contract.</summary>
internal sealed class OtherContract
{
    public static OtherContract Instance { get; } = new();
}
