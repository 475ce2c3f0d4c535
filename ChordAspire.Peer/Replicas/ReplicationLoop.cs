using System.Collections.Concurrent;
using System.Threading.Channels;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>The inbox and the current state of replication. One reader (<see cref="ReplicationRunner"/>) makes the next state; anyone may read the last one.</summary>
internal sealed class ReplicationLoop(PeerLoop ring, OwnRing own, ObjectStore store, PeerOptions options)
{
    /// <summary>Events waiting at the most; whoever has more to tell waits.</summary>
    private const int MaxWaiting = 4096;

    private readonly Channel<Arrival> _inbox = Channel.CreateBounded<Arrival>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private ReplicationState _state = ReplicationState.Create(options.Self, options.Ring.Bits, options.Storage.Copies, store.Index);
    private readonly ConcurrentDictionary<Identifier, bool> _losing = new();
    private PeerState? _ringSeen;

    /// <summary>The state after the last event. Immutable: a reader keeps a consistent view as long as it likes.</summary>
    public ReplicationState State => Volatile.Read(ref _state);

    /// <summary>Whether all that this peer owns is at all its replicas. Not by a state that has not heard of the last change of the ring: it speaks of the replicas before.</summary>
    public bool Replicated => State is { Replicated: true } state && Replication.Knows(state, own.Without(ring.State));

    /// <summary>Whether all that was acknowledged on this peer's arc, as the ring has it now, is held here.</summary>
    public bool Settled => State is { Settled: true } state && Replication.Knows(state, own.Without(ring.State));

    public ChannelReader<Arrival> Inbox => _inbox.Reader;

    /// <summary>The ring has changed. Nothing is lost when the inbox is full: each event looks at the ring first.</summary>
    public void Wake() => _inbox.Writer.TryWrite(default);

    public ValueTask PostAsync(ReplicationEvent input, CancellationToken cancellationToken) =>
        _inbox.Writer.WriteAsync(new Arrival(input, Handled: null), cancellationToken);

    /// <summary>A damaged copy is about to leave the store's index. On whatever thread found the damage: it must not wait for the loop.</summary>
    public void BeginLosing(Identifier id) => _losing[id] = true;

    /// <summary>Whether the object has left the index though nobody deleted it, and the state does not know of that yet.</summary>
    public bool IsLosing(Identifier id) => _losing.ContainsKey(id);

    /// <summary>Ends when the event has been handled, and its effects have been started.</summary>
    public async Task HandleAsync(ReplicationEvent input, CancellationToken cancellationToken)
    {
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _inbox.Writer.WriteAsync(new Arrival(input, handled), cancellationToken);
        await handled.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Only for the one reader: the next state, and what it wants done.</summary>
    public IEnumerable<ReplicationEffect> Advance(ReplicationEvent? input)
    {
        // The store's index is the truth, and its nodes are shared with ours. So is the ring's state: nothing here is decided by an older one.
        (ReplicationState next, IReadOnlyList<ReplicationEffect> effects) = (State with { Index = store.Index }, []);
        PeerState now = own.Without(ring.State);
        if (!ReferenceEquals(now, _ringSeen))
        {
            _ringSeen = now;
            (next, effects) = Replication.Handle(next, new ReplicationEvent.RingChanged(now));
        }
        if (input is null)
        {
            Volatile.Write(ref _state, next);
            return effects;
        }
        (next, IReadOnlyList<ReplicationEffect> more) = Replication.Handle(next, input);
        Volatile.Write(ref _state, next);
        if (input is ReplicationEvent.Damaged(Identifier lost))
            _losing.TryRemove(lost, out _);
        return effects.Concat(more);
    }

    /// <param name="Input">Null only wakes up.</param>
    /// <param name="Handled">Told when it has been handled.</param>
    internal readonly record struct Arrival(ReplicationEvent? Input, TaskCompletionSource? Handled);
}
