namespace Aspire.Hosting.Bundle;

/// <summary>Tools that the user points at, under the names that Aspire itself reads.</summary>
internal static class NamedTools
{
    internal const string UnknownVersion = "named by the user";

    /// <summary>
    /// Null when nothing was named. A half-named or wrong pair is an error: falling back to a download would hide the typing mistake.
    /// </summary>
    /// <param name="read">Reads one setting by its configuration key; null or empty means not set.</param>
    internal static AspireBundle? Find(Func<string, string?> read) =>
        FromConfiguration(read) ?? FromEnvironment(read);

    private static AspireBundle? FromConfiguration(Func<string, string?> read)
    {
        (string dcpKey, string dashboardKey) = ("DcpPublisher:CliPath", "DcpPublisher:DashboardPath");
        if (Pair(read, dcpKey, dashboardKey) is not var (dcp, dashboard))
            return null;

        return new AspireBundle(ExistingFile(dcpKey, dcp), ExistingFile(dashboardKey, dashboard), UnknownVersion);
    }

    private static AspireBundle? FromEnvironment(Func<string, string?> read)
    {
        (string dcpKey, string dashboardKey) = ("ASPIRE_DCP_PATH", "ASPIRE_DASHBOARD_PATH");
        if (Pair(read, dcpKey, dashboardKey) is not var (folder, dashboard))
            return null;

        string program = OperatingSystem.IsWindows() ? "dcp.exe" : "dcp";
        string dcp = Path.GetFullPath(Path.Combine(folder, program));
        if (!File.Exists(dcp))
        {
            throw new BundleException(
                $"{dcpKey} is '{folder}', but that folder holds no program '{program}'. " +
                $"Point it at the folder that holds it, or unset it together with {dashboardKey}.");
        }

        return new AspireBundle(dcp, ExistingFile(dashboardKey, dashboard), UnknownVersion);
    }

    private static (string Dcp, string Dashboard)? Pair(Func<string, string?> read, string dcpKey, string dashboardKey)
    {
        string? dcp = read(dcpKey);
        string? dashboard = read(dashboardKey);
        if (string.IsNullOrWhiteSpace(dcp) && string.IsNullOrWhiteSpace(dashboard))
            return null;

        if (string.IsNullOrWhiteSpace(dcp))
            throw HalfNamed(dashboardKey, dcpKey);
        if (string.IsNullOrWhiteSpace(dashboard))
            throw HalfNamed(dcpKey, dashboardKey);

        return (dcp, dashboard);
    }

    private static BundleException HalfNamed(string named, string missing) =>
        new($"{named} is set, but {missing} is not. The orchestrator and the dashboard belong together: set both, or neither.");

    private static string ExistingFile(string key, string path)
    {
        string file = Path.GetFullPath(path);
        return File.Exists(file)
            ? file
            : throw new BundleException($"{key} is '{path}', but there is no such file. Correct it, or unset it together with its companion.");
    }
}
