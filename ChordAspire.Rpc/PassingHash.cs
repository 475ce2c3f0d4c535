using System.Security.Cryptography;
using ChordAspire.Protocol;

namespace ChordAspire.Rpc;

/// <summary>SHA-256 of a content as it passes, reckoned beside whatever is done with it: of one chunk while the next one is on its way. For one caller at a time.</summary>
internal sealed class PassingHash : IAsyncDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Task _last = Task.CompletedTask;

    /// <summary>Adds bytes, which must stay as they are until the next call ends. At most one chunk waits.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> chunk)
    {
        await _last.ConfigureAwait(false);
        // For less than a chunk it is not worth waking another thread; most objects are small.
        if (chunk.Length < RingLimits.ChunkBytes)
            _hash.AppendData(chunk.Span);
        else
            _last = Task.Run(() => _hash.AppendData(chunk.Span));
    }

    /// <summary>The hash of all that was added; from here on it begins anew.</summary>
    public async ValueTask<ContentHash> FinishAsync()
    {
        await _last.ConfigureAwait(false);
        return ContentHash.FromBytes(_hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        await _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _hash.Dispose();
    }
}
