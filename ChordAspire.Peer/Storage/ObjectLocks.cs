using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>One change of an object at a time. Objects share locks by chance, one in a thousand pairs.</summary>
internal sealed class ObjectLocks
{
    private const int Count = 1024;

    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1, 1))];

    public async ValueTask<Held> TakeAsync(Identifier id, CancellationToken cancellationToken)
    {
        SemaphoreSlim taken = _locks[(uint)id.GetHashCode() % Count];
        await taken.WaitAsync(cancellationToken);
        return new Held(taken);
    }

    internal readonly struct Held(SemaphoreSlim taken) : IDisposable
    {
        public void Dispose() => taken.Release();
    }
}
