namespace ChordAspire.Cli;

/// <summary>The command line asks for something that there is not. The message is one sentence that says what to do.</summary>
public sealed class UsageException(string message) : Exception(message);
