using StreamJsonRpc;

namespace Aspire.Hosting.Backchannel;

/// <summary>One client's streams, of which only so many are open at a time. Each costs a watch for as long as it lasts.</summary>
internal sealed class OpenStreams
{
    internal const int StreamsMax = 16;

    private int _open;

    /// <exception cref="LocalRpcException">There are too many.</exception>
    internal IAsyncEnumerable<T> Admit<T>(IAsyncEnumerable<T> stream)
    {
        if (Interlocked.Increment(ref _open) > StreamsMax)
        {
            Interlocked.Decrement(ref _open);
            throw new LocalRpcException($"More than {StreamsMax} streams at a time; end one before you open another.");
        }

        return new Admitted<T>(this, stream);
    }

    private void Leave() => Interlocked.Decrement(ref _open);

    private sealed class Admitted<T>(OpenStreams owner, IAsyncEnumerable<T> stream) : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Reader<T>(owner, stream.GetAsyncEnumerator(cancellationToken));
    }

    private sealed class Reader<T>(OpenStreams owner, IAsyncEnumerator<T> reader) : IAsyncEnumerator<T>
    {
        private int _left;

        public T Current => reader.Current;

        public ValueTask<bool> MoveNextAsync() => reader.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                owner.Leave();
            await reader.DisposeAsync();
        }
    }
}
