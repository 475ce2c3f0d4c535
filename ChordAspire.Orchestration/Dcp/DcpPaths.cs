namespace Aspire.Hosting.Dcp;

/// <summary>Where things are in DCP's interface.</summary>
internal static class DcpPaths
{
    internal const string ApiVersion = "usvc-dev.developer.microsoft.com/v1";
    internal const string Executables = $"apis/{ApiVersion}/executables";
    internal const string WatchExecutables = Executables + "?watch=true";
    internal const string Execution = "admin/execution";

    internal static string Executable(string name) => $"{Executables}/{Uri.EscapeDataString(name)}";

    internal static string Log(string name, string source, bool follow) =>
        $"{Executable(name)}/log?source={source}&follow={(follow ? "true" : "false")}&timestamps=true&line_numbers=false";
}
