using System.Security.Cryptography;
using System.Text;
using ChordAspire.Rpc.Seed;

namespace ChordAspire.SeedPeer;

/// <summary>A seed peer's place in the ring: one successor, one predecessor, six fingers. What others say is believed as it is said.</summary>
internal sealed class SeedNode(NodeInfo self)
{
    public const int Bits = 6;
    public const int Places = 1 << Bits;

    /// <summary>As the predecessor is told while there is none.</summary>
    private static readonly NodeInfo Unknown = new() { Id = -1, Address = "" };

    private readonly NodeInfo[] _fingers = [.. Enumerable.Repeat(self, Bits)];
    private volatile NodeInfo _successor = self;
    private volatile NodeInfo _predecessor = Unknown;

    public NodeInfo Self { get; } = self;

    public NodeInfo Successor
    {
        get => _successor;
        set => _successor = _fingers[0] = value;
    }

    public NodeInfo Predecessor
    {
        get => _predecessor;
        set => _predecessor = value;
    }

    public IReadOnlyList<NodeInfo> Fingers => _fingers;

    /// <summary>SHA-1 of the key, mod 64: what its last byte says already.</summary>
#pragma warning disable CA5350 // Places keys, keeps no secrets.
    public static int PlaceOf(string key) => SHA1.HashData(Encoding.UTF8.GetBytes(key))[^1] % Places;
#pragma warning restore CA5350

    /// <summary>Asks the target for the successor, then for each finger. It does not listen yet: nobody may call back meanwhile.</summary>
    /// <returns>When all are asked. Fails when the first question does.</returns>
    public async Task JoinAsync(string target)
    {
        Successor = await SeedCall.FindSuccessorAsync(target, Self.Id);
        for (int finger = 0; finger < Bits; finger++)
            await ResolveAsync(finger, start => SeedCall.FindSuccessorAsync(target, start));
    }

    /// <summary>The owner of an identifier, through other peers if need be: the one asked asks on, and waits.</summary>
    public Task<NodeInfo> FindSuccessorAsync(int id) =>
        SeedArc.InRange(id, Self.Id, Successor.Id)
            ? Task.FromResult(Successor)
            : SeedCall.FindSuccessorAsync((ClosestPrecedingFinger(id) ?? Successor).Address, id);

    /// <summary>Somebody says that it may be the predecessor.</summary>
    public void Notified(NodeInfo newcomer)
    {
        if (Predecessor.Id < 0 || SeedArc.Between(newcomer.Id, Predecessor.Id, Self.Id))
            Predecessor = newcomer;
    }

    /// <summary>Fails when the successor does not answer.</summary>
    public async Task StabilizeAsync()
    {
        NodeInfo found = await SeedCall.ToAsync(Successor.Address, peer => peer.GetPredecessorAsync(new Empty()));
        if (found.Id >= 0 && SeedArc.Between(found.Id, Self.Id, Successor.Id))
            Successor = found;
        await SeedCall.ToAsync(Successor.Address, peer => peer.NotifyAsync(Self));
    }

    public async Task FixFingersAsync()
    {
        for (int finger = 0; finger < Bits; finger++)
            await ResolveAsync(finger, FindSuccessorAsync);
    }

    /// <summary>Tells the two neighbours of each other.</summary>
    public async Task LeaveAsync()
    {
        NodeInfo before = Predecessor, after = Successor;
        if (before.Id >= 0 && before.Id != Self.Id)
            await SeedCall.ToAsync(before.Address, peer => peer.UpdateSuccessorAsync(after));
        if (after.Id != Self.Id)
            await SeedCall.ToAsync(after.Address, peer => peer.UpdatePredecessorAsync(before));
    }

    /// <summary>A finger that cannot be resolved is cleaned: the successor takes its place.</summary>
    private async Task ResolveAsync(int finger, Func<int, Task<NodeInfo>> find)
    {
        try
        {
            _fingers[finger] = await find((Self.Id + (1 << finger)) % Places);
        }
#pragma warning disable CA1031 // Whatever it is: the address may be nonsense as well as dead.
        catch (Exception)
#pragma warning restore CA1031
        {
            _fingers[finger] = Successor;
        }
    }

    private NodeInfo? ClosestPrecedingFinger(int id) => _fingers.LastOrDefault(finger => SeedArc.Between(finger.Id, Self.Id, id));
}
