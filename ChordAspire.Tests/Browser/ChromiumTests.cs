using System.Diagnostics;
using Aspire.Hosting.Bundle;
using ChordAspire.Tests.ArchitectureRules;

namespace ChordAspire.Tests.Browser;

/// <summary>The browser of the other tests here.</summary>
public sealed class ChromiumTests(ITestOutputHelper output)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_is_found_or_fetched_and_has_all_that_it_needs()
    {
        ChromiumInstallation chromium = await ChromiumInstallation.FindAsync(Repository.Root, output.WriteLine, Cancellation);
        var ask = new ProcessStartInfo(chromium.Program, ["--version"]);
        foreach ((string name, string value) in chromium.Variables)
            ask.Environment[name] = value;
        ChildResult answer = await ChildProcess.RunAsync(ask, AnswerLimit, TimeProvider.System, Cancellation);
        output.WriteLine($"{chromium.Program}: {answer.Output}");
        Assert.True(answer.ExitCode == 0, $"{chromium.Program} does not start: {answer.Tail(3)} Install what it lacks, or {ChromiumPackage.Otherwise}.");
        Assert.Contains("Chrom", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_is_unpacked_in_its_parts_and_nothing_else()
    {
        using var folder = new ScratchFolder();
        string parts = Directory.CreateDirectory(Path.Combine(folder.Path, "parts")).FullName;
        string archive = Path.Combine(folder.Path, "package.tgz");
        await File.WriteAllBytesAsync(archive, ChromiumArchive.Of("a program"), Cancellation);
        await ChromiumPackage.UnpackAsync(archive, parts, "/where/it/will/be", Cancellation);

        Assert.Null(ChromiumPackage.FirstMissing(parts));
        Assert.Equal("a program", await File.ReadAllTextAsync(Path.Combine(parts, ChromiumPackage.Program), Cancellation));
        Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(Path.Combine(parts, ChromiumPackage.Program)) & UnixFileMode.UserExecute) != 0);
        Assert.Contains("/where/it/will/be/fonts", await File.ReadAllTextAsync(Path.Combine(parts, ChromiumPackage.FontSettings), Cancellation), StringComparison.Ordinal);
        Assert.Equal(
            ["chromium", "fonts.conf", "fonts/Some/Some.ttf", "lib/libnss3.so"],
            Directory.EnumerateFiles(parts, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(parts, file)).Order(StringComparer.Ordinal));
    }

    /// <summary>Gone with the test.</summary>
    private sealed class ScratchFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("chord-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
