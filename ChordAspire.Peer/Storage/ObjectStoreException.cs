namespace ChordAspire.Peer;

/// <summary>The folder cannot be used: by another process, of another ring, or of another format. The message says which.</summary>
internal sealed class ObjectStoreException(string message, Exception? inner = null) : Exception(message, inner);
