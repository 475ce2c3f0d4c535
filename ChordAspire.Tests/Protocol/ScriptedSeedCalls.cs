using System.Collections.Immutable;
using ChordAspire.Protocol;

namespace ChordAspire.Tests.Protocol;

/// <summary>Peers of both kinds as a script has them: what each answers, and what each was told.</summary>
internal sealed class ScriptedSeedCalls : ISeedCalls
{
    private const int MaxCalls = 200;
    private readonly Dictionary<string, ScriptedSeed> _seeds = [];
    private readonly Dictionary<PeerRef, Neighbors> _ours = [];
    private int _calls;

    /// <summary>What was told, in order: who, what, and about whom.</summary>
    public List<string> Told { get; } = [];

    public List<(PeerRef Seed, SeedFault Fault)> Reported { get; } = [];

    public static ChordParameters Parameters { get; } = new(Bits: 6, SuccessorListLength: 3);

    public static PeerRef Peer(ulong id) => new(Identifier.FromUInt64(6, id), $"peer{id}:1");

    /// <summary>A member that asks.</summary>
    public static PeerState Member(ulong self, ulong predecessor, params ulong[] successors) => PeerState.CreateMember(
        Peer(self), Parameters, Peer(predecessor), new SuccessorList([.. successors.Select(Peer)], spansRing: false), FingerTable.Empty);

    /// <summary>A seed peer with these pointers; 0 stands for none.</summary>
    public ScriptedSeed Seed(ulong id, ulong successor, ulong predecessor, params ulong[] fingers)
    {
        var seed = new ScriptedSeed(Peer(id))
        {
            Successor = successor == 0 ? null : Peer(successor),
            Predecessor = predecessor == 0 ? null : Peer(predecessor),
            Fingers = [.. fingers.Select(Peer)],
        };
        return _seeds[seed.Self.Address] = seed;
    }

    /// <summary>A peer of ours with this list and this predecessor.</summary>
    public void Ours(ulong id, ulong predecessor, bool spansRing, params ulong[] successors) =>
        _ours[Peer(id)] = new Neighbors(predecessor == 0 ? null : Peer(predecessor), new SuccessorList([.. successors.Select(Peer)], spansRing));

    public Task<PeerContact> PingAsync(PeerRef peer)
    {
        Count();
        return Task.FromResult(_seeds.ContainsKey(peer.Address) ? PeerContact.Seed : _ours.ContainsKey(peer) ? PeerContact.Peer : PeerContact.Silent);
    }

    public async Task<(PeerContact Contact, Neighbors? Told)> ReadNeighborsAsync(PeerRef peer) => (await PingAsync(peer), _ours.GetValueOrDefault(peer));

    public Task TellPredecessorAsync(PeerRef peer, PeerRef predecessor) => Tell(peer, "predecessor may be", predecessor);

    public Task<SeedReply> FindSuccessorAsync(PeerRef seed, Identifier id)
    {
        Count();
        return Task.FromResult(_seeds.TryGetValue(seed.Address, out ScriptedSeed? found) ? new SeedReply(true, found.FindSuccessor(id)) : SeedReply.Silent);
    }

    public Task<SeedReply> GetPredecessorAsync(PeerRef seed)
    {
        Count();
        return Task.FromResult(_seeds.TryGetValue(seed.Address, out ScriptedSeed? found) ? new SeedReply(true, found.Predecessor) : SeedReply.Silent);
    }

    public Task<ImmutableArray<PeerRef>> GetFingersAsync(PeerRef seed)
    {
        Count();
        return Task.FromResult(_seeds.TryGetValue(seed.Address, out ScriptedSeed? found) ? found.Fingers : []);
    }

    public Task NotifySeedAsync(PeerRef seed, PeerRef predecessor) => Tell(seed, "notified of", predecessor);

    public Task UpdateSuccessorAsync(PeerRef seed, PeerRef successor) => Tell(seed, "successor is", successor);

    public Task UpdatePredecessorAsync(PeerRef seed, PeerRef predecessor) => Tell(seed, "predecessor is", predecessor);

    public void Report(PeerRef seed, SeedFault fault, PeerRef? about) => Reported.Add((seed, fault));

    private Task Tell(PeerRef to, string what, PeerRef about)
    {
        Count();
        Told.Add($"{to.Id.ToUInt64()}: {what} {about.Id.ToUInt64()}");
        return Task.CompletedTask;
    }

    /// <summary>However a seed peer answers, few calls are made.</summary>
    private void Count() => Assert.True(++_calls < MaxCalls, "There is no end to the calls.");
}

/// <summary>What a seed peer answers.</summary>
internal sealed class ScriptedSeed(PeerRef self)
{
    public PeerRef Self => self;

    public PeerRef? Successor { get; set; }

    public PeerRef? Predecessor { get; set; }

    public ImmutableArray<PeerRef> Fingers { get; set; } = [];

    /// <summary>Another answer than its successor.</summary>
    public Func<Identifier, PeerRef>? Lie { get; set; }

    public PeerRef? FindSuccessor(Identifier id) => Lie is { } lie ? lie(id) : Successor ?? self;
}
