using System.Formats.Tar;
using System.IO.Compression;
using Aspire.Hosting.Bundle;

namespace ChordAspire.Tests.Browser;

/// <summary>
/// The npm package that carries a Chromium: a headless one for Linux on x64, each part compressed with Brotli. With it come the libraries
/// that a bare system lacks (NSS, expat) and a font, so that nothing has to be installed.
/// </summary>
internal static class ChromiumPackage
{
    /// <summary>Pinned, like every tool here.</summary>
    internal const string Version = "153.0.0";

    internal const string Otherwise = "install Chromium, or set CHROMIUM_PATH to one that is installed";

    internal const string Program = "chromium";
    internal const string LibraryFolder = "lib";
    internal const string FontFolder = "fonts";
    internal const string FontSettings = "fonts.conf";

    internal static NpmPackage Npm { get; } = new($"@sparticuz/chromium@{Version}", "a browser for the tests", Otherwise, Megabytes: 400);

    /// <param name="archive">The package as npm hands it out.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="home">Where that folder will be in the end; the font settings name it.</param>
    internal static async Task UnpackAsync(string archive, string folder, string home, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(archive);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var entries = new TarReader(gzip);
        while (await entries.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.DataStream is null || Path.GetDirectoryName(entry.Name) != "package/bin")
                continue;
            await using var part = new BrotliStream(entry.DataStream, CompressionMode.Decompress);
            await (Path.GetFileName(entry.Name) switch
            {
                "chromium.br" => UnpackProgramAsync(part, Path.Combine(folder, Program), cancellationToken),
                "al2023.tar.br" => TarUnpacker.UnpackAsync(part, folder, name => Below(LibraryFolder, name), cancellationToken),
                "fonts.tar.br" => TarUnpacker.UnpackAsync(part, folder, name => Below(FontFolder, name), cancellationToken),
                _ => Task.CompletedTask,
            });
        }

        await File.WriteAllTextAsync(Path.Combine(folder, FontSettings), FontSettingsOf(home), cancellationToken);
    }

    /// <summary>The first part that is missing, or null when all are there.</summary>
    internal static string? FirstMissing(string folder) =>
        !File.Exists(Path.Combine(folder, Program)) ? Program
        : !Directory.Exists(Path.Combine(folder, LibraryFolder)) ? LibraryFolder
        : !Directory.Exists(Path.Combine(folder, FontFolder)) ? FontFolder
        : !File.Exists(Path.Combine(folder, FontSettings)) ? FontSettings
        : null;

    private static string? Below(string wanted, string name) => name.StartsWith($"{wanted}/", StringComparison.Ordinal) ? name : null;

    private static async Task UnpackProgramAsync(Stream part, string path, CancellationToken cancellationToken)
    {
        await using (FileStream program = File.Create(path))
            await part.CopyToAsync(program, 1024 * 1024, cancellationToken);
        FilePermissions.LetOwnerRun(path);
    }

    private static string FontSettingsOf(string home) => $"""
        <?xml version="1.0"?>
        <!DOCTYPE fontconfig SYSTEM "fonts.dtd">
        <fontconfig>
          <dir>{Path.Combine(home, FontFolder)}</dir>
          <dir>/usr/share/fonts</dir>
          <cachedir>{Path.Combine(home, "font-cache")}</cachedir>
        </fontconfig>
        """;
}
