namespace ChordAspire.Cli;

/// <summary>What <c>chord</c> ends with.</summary>
public static class ExitCode
{
    /// <summary>Done, and nothing was wrong.</summary>
    public const int Done = 0;

    /// <summary>A violation was found, a number lies outside its tolerance, or the command could not be carried out.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>There is no object with the key, or no such peer in the ring.</summary>
    public const int NotFound = 3;

    /// <summary>No peer answers, or the ring cannot serve the request just now.</summary>
    public const int Unreachable = 4;

    /// <summary>Nobody reads standard output any more: what a shell says of a program that this ended, 128 and the number of SIGPIPE.</summary>
    public const int OutputClosed = 141;
}
