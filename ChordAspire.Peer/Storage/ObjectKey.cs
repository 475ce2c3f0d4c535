using System.Text;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>What the store asks of a key: that it is itself again after it was written as UTF-8, and not long. Services may ask more.</summary>
internal static class ObjectKey
{
    public const int BytesMax = RingLimits.MaxKeyBytes;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The key is empty, too long, or has half a character.</exception>
    public static void Assert(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        // Two keys that differ in what UTF-8 cannot say would be one object.
        if (Strict.GetByteCount(key) is > BytesMax and int bytes)
            throw new ArgumentException($"A key has at most {BytesMax} bytes, not {bytes}.", nameof(key));
    }
}
