namespace ChordAspire.Peer;

/// <summary>What an error of the file system means for the store.</summary>
internal static class DiskErrors
{
    /// <summary>No space, or none within this user's share: ENOSPC; EDQUOT on Linux and macOS; ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL.</summary>
    public static bool IsFull(IOException error) => error.HResult is 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    /// <summary>
    /// This file is gone or unreadable: EIO, EBADMSG and EUCLEAN; ERROR_CRC. Anything else (no more open files, no permission) says nothing of its bytes.
    /// </summary>
    public static bool IsDamage(IOException error) =>
        error is FileNotFoundException or DirectoryNotFoundException or EndOfStreamException
        || error.HResult is 5 or 74 or 117 or unchecked((int)0x80070017);
}
