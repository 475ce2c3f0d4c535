using System.Collections.Concurrent;
using System.Threading.Channels;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>The peer's inbox and its current state. One reader (<see cref="PeerRunner"/>) makes the next state; anyone may read the last one.</summary>
internal sealed class PeerLoop(PeerOptions options)
{
    /// <summary>Events waiting at the most; more are refused, so that a flood cannot fill the memory.</summary>
    private const int MaxWaiting = 4096;

    private readonly Channel<ChordEvent> _inbox = Channel.CreateBounded<ChordEvent>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Neighbors?>> _asked = new();
    private PeerState _state = PeerState.Create(options.Self, options.Ring);
    private PeerState? _inCompany;
    private long _tokens;

    /// <summary>The state after the last event. Immutable: a reader keeps a consistent view as long as it likes.</summary>
    public PeerState State => Volatile.Read(ref _state);

    /// <summary>The last state in which this peer had successors: whom to look for when it is alone. Null when it never had any.</summary>
    public PeerState? LastInCompany => Volatile.Read(ref _inCompany);

    public ChannelReader<ChordEvent> Inbox => _inbox.Reader;

    /// <summary>For what may be lost: timers and hints.</summary>
    public void Offer(ChordEvent input) => _inbox.Writer.TryWrite(input);

    /// <summary>For what must not be lost: outcomes of effects.</summary>
    public ValueTask PostAsync(ChordEvent input, CancellationToken cancellationToken) => _inbox.Writer.WriteAsync(input, cancellationToken);

    /// <summary>For what another peer sends.</summary>
    /// <exception cref="RefusedException">Too many events wait already.</exception>
    public void Accept(ChordEvent input)
    {
        if (!_inbox.Writer.TryWrite(input))
            throw new RefusedException(Refusal.Exhausted, $"This peer has {MaxWaiting} events to handle already.");
    }

    /// <summary>Our neighbours in one atomic read, in turn with all other events; null when we are no member.</summary>
    public async Task<Neighbors?> ReadNeighborsAsync(CancellationToken cancellationToken)
    {
        long token = Interlocked.Increment(ref _tokens);
        var answer = new TaskCompletionSource<Neighbors?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[token] = answer;
        try
        {
            Accept(new ChordEvent.NeighborsAsked(token));
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _asked.TryRemove(token, out _);
        }
    }

    public void AnswerNeighbors(long token, Neighbors? neighbors)
    {
        if (_asked.TryRemove(token, out TaskCompletionSource<Neighbors?>? answer))
            answer.TrySetResult(neighbors);
    }

    /// <summary>Only for the one reader.</summary>
    public void Publish(PeerState state)
    {
        Volatile.Write(ref _state, state);
        if (state.Successors.Count > 0)
            Volatile.Write(ref _inCompany, state);
    }
}
