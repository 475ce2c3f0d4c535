using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// The name under which the <c>aspire</c> tool finds the socket of an AppHost: which AppHost, which run of it, which process. The parts are the
/// tool's (microsoft/aspire v13.5.2, <c>BackchannelConstants</c>): 11 and 8 characters of base64url, a dot, the process id.
/// </summary>
internal static class SocketName
{
    private const int RunBytes = 6;
    private const int RunLength = 8;

    /// <summary>From the path of the AppHost's project, with all links resolved; on Windows regardless of case.</summary>
    internal static string AppHostId(string projectFile)
    {
        string path = OperatingSystem.IsWindows() ? projectFile.ToUpperInvariant() : projectFile;
        return Base64Url(XxHash3.Hash(Encoding.UTF8.GetBytes(path)));
    }

    internal static string New(string appHostId, int processId) =>
        $"{appHostId}{Base64Url(RandomNumberGenerator.GetBytes(RunBytes))}.{processId.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The process id in the name of a socket of this AppHost; null for any other file.</summary>
    internal static int? ProcessIdOf(string fileName, string appHostId)
    {
        int dot = appHostId.Length + RunLength;
        bool isOurs = fileName.Length > dot && fileName[dot] == '.' && fileName.StartsWith(appHostId, StringComparison.Ordinal);
        return isOurs && int.TryParse(fileName.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
