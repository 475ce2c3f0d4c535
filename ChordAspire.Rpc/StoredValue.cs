using Google.Protobuf;

namespace ChordAspire.Rpc;

/// <summary>A value as it is kept and handed over.</summary>
/// <param name="Version">Of two versions the higher one counts: the owner's clock in milliseconds, and always above the version before.</param>
public sealed record StoredValue(string Key, ReadOnlyMemory<byte> Content, long Version)
{
    public Wire.Value ToWire() => new() { Key = Key, Content = UnsafeByteOperations.UnsafeWrap(Content), Version = Version };

    /// <exception cref="RefusedException">Key or content is over its bound.</exception>
    public static StoredValue FromWire(Wire.Value value) =>
        new(WireMapping.KeyFromWire(value.Key), WireMapping.ValueFromWire(value.Content).Memory, value.Version);
}
