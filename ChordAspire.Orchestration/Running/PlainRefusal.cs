using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Running;

/// <summary>
/// An AppHost that cannot begin says why in a sentence that is written for who started it. Where nobody catches that, the trace through code
/// that is not theirs would only bury it.
/// </summary>
internal static class PlainRefusal
{
    private static int _isInstalled;

    /// <summary>For AppHosts that run as programs. Once, however many applications there are.</summary>
    internal static void Install()
    {
        if (Interlocked.Exchange(ref _isInstalled, 1) == 0)
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => Tell(unhandled.ExceptionObject);
    }

    private static void Tell(object failure)
    {
        if (failure is not (DistributedApplicationException or DcpException))
            return;
        Console.Error.WriteLine(((Exception)failure).Message);
        Environment.Exit(Breakdown.ExitCode);
    }
}
