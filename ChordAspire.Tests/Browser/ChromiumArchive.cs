using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace ChordAspire.Tests.Browser;

/// <summary>A small package of the form that carries the browser.</summary>
internal static class ChromiumArchive
{
    internal static byte[] Of(string program)
    {
        using var package = new MemoryStream();
        using (var gzip = new GZipStream(package, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Tar(
                ("package/README.md", Encoding.UTF8.GetBytes("not wanted")),
                ("package/bin/al2023.tar.br", Brotli(Tar(("lib/libnss3.so", [1]), ("elsewhere/file", [2])))),
                ("package/bin/chromium.br", Brotli(Encoding.UTF8.GetBytes(program))),
                ("package/bin/fonts.tar.br", Brotli(Tar(("fonts.conf", [3]), ("fonts/Some/Some.ttf", [4])))),
                ("package/bin/swiftshader.tar.br", Brotli(Tar(("libEGL.so", [5]))))));
        }

        return package.ToArray();
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return tar.ToArray();
    }

    private static byte[] Brotli(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionMode.Compress))
            brotli.Write(content);
        return compressed.ToArray();
    }
}
