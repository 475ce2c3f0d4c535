using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace ChordAspire.Tests.Orchestration;

/// <summary>Small archives in memory, shaped like the package that Aspire publishes.</summary>
internal static class Archives
{
    internal const string Dcp = "linux-x64/dcp/dcp";
    internal const string DcpThatRuns = "#!/bin/sh\necho '{\"version\":\"0.0.1\"}'\n";
    internal const string DcpThatDoesNot = "#!/bin/sh\necho nonsense\n";
    internal const string Dashboard = "linux-x64/managed/aspire-managed";
    internal const string Page = "linux-x64/managed/wwwroot/index.html";

    internal static byte[] Tar(params (string Name, string Text)[] files) =>
        Tar(files.Select(file => (TarEntry)new PaxTarEntry(TarEntryType.RegularFile, file.Name)
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file.Text)),
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }));

    internal static byte[] Tar(IEnumerable<TarEntry> entries)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (TarEntry entry in entries)
                tar.WriteEntry(entry);
        }

        return bytes.ToArray();
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return bytes.ToArray();
    }

    internal static byte[] Noise(int length, int seed)
    {
        byte[] noise = new byte[length];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    internal static readonly (string Name, string Text)[] GoodTools =
        [(Dcp, DcpThatRuns), (Dashboard, "dashboard"), (Page, "<html>"), ("linux-x64/dcp/dcptun_c", "tunnel")];

    /// <summary>What <c>npm pack</c> would leave, with a program that carries these files.</summary>
    internal static byte[] Package(params (string Name, string Text)[] tools) => Package(Program(tools));

    internal static byte[] Package(byte[] program) =>
        Gzip(Tar([new PaxTarEntry(TarEntryType.RegularFile, "package/bin/aspire") { DataStream = new MemoryStream(program) }]));

    /// <summary>A program that carries these files, which are neither its beginning nor its end.</summary>
    internal static byte[] Program(params (string Name, string Text)[] tools) =>
        [.. Noise(3000, seed: 1), .. Gzip(Tar(tools)), .. Noise(500, seed: 2)];

    internal static byte[] GoodPackage() => Package(GoodTools);
}
