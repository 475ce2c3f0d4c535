using System.IO.Compression;

namespace Aspire.Hosting.Bundle;

/// <summary>
/// Finds the compressed archive that Aspire's single-file program carries inside itself. Reads forward only, so that the 150 MB program
/// is never written to disk.
/// </summary>
internal static class EmbeddedTarball
{
    // How much compressed data must be enough to produce the first header of a tar archive (512 bytes); deflate needs far less.
    private const int ProofSize = 64 * 1024;
    private const int WindowSize = 1024 * 1024;
    private const int TarHeaderSize = 512;
    private const int TarMagicOffset = 257;

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B, 0x08];

    private static ReadOnlySpan<byte> TarMagic => "ustar"u8;

    /// <summary>The tar archive, decompressed as it is read, or null when there is none. A chance match of the magic bytes is passed over.</summary>
    internal static async Task<Stream?> FindAsync(Stream program, CancellationToken cancellationToken)
    {
        byte[] window = new byte[WindowSize];
        int filled = 0;
        while (true)
        {
            int read = await program.ReadAtLeastAsync(window.AsMemory(filled), window.Length - filled, throwOnEndOfStream: false, cancellationToken);
            filled += read;
            bool atEnd = filled < window.Length;

            // Candidates too close to the edge are left for the next round, when more of what follows them is known.
            int searchable = atEnd ? filled : filled - ProofSize;
            for (int at = NextCandidate(window, 0, searchable); at >= 0; at = NextCandidate(window, at + 1, searchable))
            {
                if (BeginsTar(window, at, filled))
                    return new GZipStream(new ReplayStream(window.AsMemory(at, filled - at), program), CompressionMode.Decompress);
            }

            if (atEnd)
                return null;
            window.AsSpan(searchable, filled - searchable).CopyTo(window);
            filled -= searchable;
        }
    }

    private static int NextCandidate(byte[] window, int from, int until)
    {
        if (from >= until)
            return -1;

        // The magic may begin before the edge and end behind it, hence the two bytes more.
        int length = Math.Min(until - from + GzipMagic.Length - 1, window.Length - from);
        int found = window.AsSpan(from, length).IndexOf(GzipMagic);
        return found < 0 ? -1 : from + found;
    }

    private static bool BeginsTar(byte[] window, int at, int filled)
    {
        try
        {
            byte[] header = new byte[TarHeaderSize];
            using var proof = new MemoryStream(window, at, Math.Min(ProofSize, filled - at));
            using var gzip = new GZipStream(proof, CompressionMode.Decompress);
            return gzip.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
                && header.AsSpan(TarMagicOffset).StartsWith(TarMagic);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
