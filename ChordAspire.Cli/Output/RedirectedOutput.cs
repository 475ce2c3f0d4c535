using System.Runtime.InteropServices;

namespace ChordAspire.Cli;

/// <summary>
/// Standard output where it is a pipe or a file, on Unix. The system library's own stream keeps quiet when nobody reads a pipe any more, so that a command would
/// go on for nobody. A FileStream would not, but in a file it writes at places that it counts itself, over what others have written there, and it gives up a pipe that
/// somebody made non-blocking.
/// </summary>
internal sealed partial class RedirectedOutput : Stream
{
    private const int Descriptor = 1;
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private const int ForEver = -1;
    private const short Writable = 0x4;
    private const short Broken = 0x8;
    private const short HungUp = 0x10;

    /// <summary>EAGAIN.</summary>
    private static readonly int Full = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Whether it is a pipe or a socket that nobody reads any more.</summary>
    public static bool IsClosed => (Poll(0, 0) & (Broken | HungUp)) != 0;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="OutputClosedException">Nobody reads it any more.</exception>
    /// <exception cref="IOException">There is no room, or the like.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = WriteSome(Descriptor, in MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else
                Overcome(Marshal.GetLastPInvokeError());
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static void Overcome(int error)
    {
        if (error == BrokenPipe)
            throw new OutputClosedException();
        if (error == Full)
            Poll(Writable, ForEver);
        else if (error != Interrupted)
            throw new IOException($"cannot write to standard output: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    private static short Poll(short events, int milliseconds)
    {
        var asked = new PollDescriptor { Descriptor = Descriptor, Events = events };
        return Poll(ref asked, 1, milliseconds) > 0 ? asked.Returned : (short)0;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteSome(int descriptor, in byte bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
