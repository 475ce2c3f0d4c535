using System.Globalization;

namespace ChordAspire.Cli.Shell;

/// <summary>Takes an object that is to be shown on a screen, as long as one can be.</summary>
internal sealed class ShownObject(string key) : MemoryStream
{
    /// <summary>Bytes: nobody reads more on a screen, and all of it is in memory meanwhile.</summary>
    public const int Most = 1 << 20;

    /// <summary>The other ways to write lead here, as long as they are not overridden.</summary>
    public override void Write(byte[] buffer, int offset, int count)
    {
        if (count > Most - Position)
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"'{key}' is larger than {Most:#,0} bytes, the most that show prints: 'get' fetches it, with -o FILE into a file."));
        base.Write(buffer, offset, count);
    }
}
