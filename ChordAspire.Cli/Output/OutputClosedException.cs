namespace ChordAspire.Cli;

/// <summary>Whoever read standard output has gone, as <c>head</c> does: nothing is wrong, and nobody is left to tell more to.</summary>
internal sealed class OutputClosedException() : IOException("nobody reads standard output any more.");
