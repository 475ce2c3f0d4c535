using System.Formats.Tar;
using System.IO.Compression;

namespace Aspire.Hosting.Bundle;

/// <summary>
/// The npm package of Aspire's command line tool: an archive, whose program holds an archive, which holds what we are after. All three
/// layers are read in one pass, and only the files that a run needs, and the program itself, reach the disk.
/// </summary>
internal static class AspireCliPackage
{
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    internal static async Task UnpackToolsAsync(string archive, PlatformPackage package, string folder, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(archive, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        Stream program = await FindProgramAsync(gzip, package, cancellationToken);
        await using FileStream kept = CreateProgram(Path.Combine(folder, package.ToolRelativePath));
        await using var copied = new CopyingStream(program, kept);
        await using Stream tools = await EmbeddedTarball.FindAsync(copied, cancellationToken)
            ?? throw Unexpected(package, "its program carries no archive");
        await TarUnpacker.UnpackAsync(tools, folder, PlaceOf, cancellationToken);

        // What follows the archive belongs to the program, too.
        await copied.CopyToAsync(Stream.Null, cancellationToken);
    }

    /// <summary>What is needed at run time: the orchestrator and the dashboard, without the 60 MB tunnel that only containers use.</summary>
    internal static string? PlaceOf(string entryName)
    {
        // Every name begins with the platform ("linux-x64/dcp/dcp").
        int slash = entryName.IndexOf('/', StringComparison.Ordinal);
        string name = entryName[(slash + 1)..];
        bool wanted = name.StartsWith("dcp/", StringComparison.Ordinal) || name.StartsWith("managed/", StringComparison.Ordinal);
        return wanted && !name.StartsWith("dcp/dcptun", StringComparison.Ordinal) ? name : null;
    }

    internal static BundleException Unexpected(PlatformPackage package, string what) => new(
        $"{package.Spec} does not hold what was expected: {what}. " +
        $"Delete the folder .aspire and try again; if it stays so, {PlatformPackage.NamedToolsHint}.");

    private static FileStream CreateProgram(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Executable;
        return new FileStream(path, options);
    }

    private static async Task<Stream> FindProgramAsync(Stream packed, PlatformPackage package, CancellationToken cancellationToken)
    {
        string wanted = $"package/bin/aspire{package.ExecutableSuffix}";
        var reader = new TarReader(packed, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.Name == wanted && entry.DataStream is { } data)
                return data;
        }

        throw Unexpected(package, $"there is no {wanted}");
    }
}
