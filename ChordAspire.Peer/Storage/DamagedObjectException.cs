using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>The bytes of an object are not what was stored, or cannot be read. Nobody was given them; a replica has to help.</summary>
internal sealed class DamagedObjectException(ObjectEntry entry, string reason, Exception? inner = null)
    : Exception($"Object {entry.Id} of {entry.Version.Stamp} is damaged: {reason}", inner)
{
    public ObjectEntry Entry => entry;

    public string Reason => reason;
}
