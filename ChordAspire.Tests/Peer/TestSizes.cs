namespace ChordAspire.Tests.Peer;

/// <summary>How large some tests are: small enough for every day, or as large as an environment variable says. The README names them.</summary>
internal static class TestSizes
{
    /// <summary>Bytes of the large file.</summary>
    public static long LargeFile => (long)Of("CHORD_TEST_FILE_MIB", usual: 256) << 20;

    /// <summary>Objects of 1 KiB that a peer starts with.</summary>
    public static int Objects => Of("CHORD_TEST_OBJECTS", usual: 2_000);

    private static int Of(string variable, int usual) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? int.Parse(value, null) : usual;
}
