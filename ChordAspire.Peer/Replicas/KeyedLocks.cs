using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>One write of an object at a time, in the order of arrival. Objects that nobody writes take no memory.</summary>
/// <remarks>Unlike <see cref="ObjectLocks"/> no two objects share one: these are held while a slow replica is waited for, not for the moment of a commit.</remarks>
internal sealed class KeyedLocks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Identifier, Turnstile> _turnstiles = [];

    public async Task<IDisposable> TakeAsync(Identifier id, CancellationToken cancellationToken)
    {
        Turnstile? turnstile;
        lock (_gate)
        {
            if (!_turnstiles.TryGetValue(id, out turnstile))
                _turnstiles[id] = turnstile = new Turnstile(this, id);
            turnstile.Waiting++;
        }
        try
        {
            await turnstile.Semaphore.WaitAsync(cancellationToken);
            return turnstile;
        }
        catch
        {
            Leave(turnstile);
            throw;
        }
    }

    private void Leave(Turnstile turnstile)
    {
        lock (_gate)
        {
            if (--turnstile.Waiting == 0)
                _turnstiles.Remove(turnstile.Id);
        }
    }

    private sealed class Turnstile(KeyedLocks locks, Identifier id) : IDisposable
    {
        public Identifier Id => id;

        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Waiting { get; set; }

        public void Dispose()
        {
            Semaphore.Release();
            locks.Leave(this);
        }
    }
}
