namespace ChordAspire.Tests.Peer;

/// <summary>Folders for the objects of peers that tests start: each is given out once, and goes when its user says so, at the latest with the test process.</summary>
internal static class DataFolders
{
    private static readonly string Root = Create();
    private static int _given;

    /// <summary>A folder that does not exist yet.</summary>
    public static string New() => Path.Combine(Root, $"{Interlocked.Increment(ref _given)}");

    /// <summary>Removes a folder whose peers have ended.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Never made; or a peer that a test left behind still writes there.
        }
    }

    private static string Create()
    {
        string root = Directory.CreateTempSubdirectory("chord-data-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(root);
        return root;
    }
}
