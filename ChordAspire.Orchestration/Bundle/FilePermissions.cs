namespace Aspire.Hosting.Bundle;

internal static class FilePermissions
{
    internal static void LetOwnerRun(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & UnixFileMode.UserExecute) == 0)
            File.SetUnixFileMode(path, mode | UnixFileMode.UserExecute);
    }
}
