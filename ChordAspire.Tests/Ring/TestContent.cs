using System.Buffers.Binary;

namespace ChordAspire.Tests.Ring;

/// <summary>Contents of objects that tell what was written, and whether it is all of one piece.</summary>
internal static class TestContent
{
    private const int Word = sizeof(ulong);

    /// <summary>A value, again and again, each time mixed with its position: any part out of place shows.</summary>
    public static byte[] Of(ulong value, int words)
    {
        byte[] content = new byte[words * Word];
        for (int i = 0; i < words; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(i * Word), value ^ ((ulong)i << 40));
        return content;
    }

    /// <summary>The value; null when it is not one of ours, or a mixture of two.</summary>
    public static ulong? ValueOf(ReadOnlySpan<byte> content)
    {
        if (content.Length < Word || content.Length % Word != 0)
            return null;
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(content);
        return content.SequenceEqual(Of(value, content.Length / Word)) ? value : null;
    }
}
