using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace ChordAspire.Peer;

/// <summary>
/// The blocks that the web server reads its connections into. Its own have 4 KiB, and each takes a call of the system: a quarter of a million for 1 GiB, and as
/// much work as all the rest of receiving. A connection on which nothing comes holds none.
/// </summary>
internal sealed class WideBlocks : IMemoryPoolFactory<byte>
{
    /// <summary>Bytes: a whole frame of HTTP/2, and little enough for thousands of uploads under way.</summary>
    private const int Size = 16 * 1024;

    private static readonly Pool Blocks = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => Blocks;

    /// <summary>Out of the run-time library's pool, which lets go of what nobody has used for a while.</summary>
    private sealed class Pool : MemoryPool<byte>
    {
        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, Size));

        protected override void Dispose(bool disposing)
        {
            // Nothing of its own.
        }
    }
}
