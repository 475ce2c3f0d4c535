using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using ChordAspire.Tests.ArchitectureRules;

namespace ChordAspire.Tests.Tool;

/// <summary>
/// The real <c>aspire</c> tool. The first run of an AppHost keeps it below <c>.aspire</c>; where it did not, it is fetched from npm, once.
/// </summary>
internal static class AspireTool
{
    /// <summary>The version the AppHost pins, too.</summary>
    private const string Version = "13.5.4";

    private static readonly string Platform = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    private static readonly SemaphoreSlim Gate = new(1);

    private static string Kept => Path.Combine(Repository.Root, ".aspire", $"{Version}-{Platform}", "bin", "aspire");

    private static string Fetched => Path.Combine(Repository.Root, ".aspire", $"tool-{Version}-{Platform}", "aspire");

    internal static async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(Kept) && !File.Exists(Fetched))
                await FetchAsync(cancellationToken);
            return File.Exists(Kept) ? Kept : Fetched;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task FetchAsync(CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(Fetched)!;
        DirectoryInfo work = Directory.CreateDirectory($"{folder}-{Guid.NewGuid():N}");
        try
        {
            string package = $"@microsoft/aspire-cli-{Platform}@{Version}";
            var npm = new ProcessStartInfo("npm", ["pack", package, "--cache", Path.Combine(work.FullName, "npm")])
            {
                WorkingDirectory = work.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process running = Process.Start(npm)!;
            Task<string> output = running.StandardOutput.ReadToEndAsync(cancellationToken);
            string errors = await running.StandardError.ReadToEndAsync(cancellationToken);
            await running.WaitForExitAsync(cancellationToken);
            Assert.True(running.ExitCode == 0, $"npm could not fetch the aspire tool: {errors}{await output}");

            string program = Path.Combine(work.FullName, "aspire");
            await UnpackAsync(work.EnumerateFiles("*.tgz").Single().FullName, program, cancellationToken);
            Directory.CreateDirectory(folder);
            File.Move(program, Fetched, overwrite: true);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task UnpackAsync(string archive, string program, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.Name == "package/bin/aspire")
                await entry.ExtractToFileAsync(program, overwrite: true, cancellationToken);
        }
    }
}
