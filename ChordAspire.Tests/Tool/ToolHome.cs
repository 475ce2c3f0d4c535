using System.Diagnostics;
using ChordAspire.Tests.ArchitectureRules;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Tool;

/// <summary>A home for one AppHost and the <c>aspire</c> tool, in which they find each other and nobody else. Gone with the test.</summary>
internal sealed class ToolHome : IAsyncDisposable
{
    private ToolHome(string path, string tool) => (Path, Tool) = (path, tool);

    internal string Path { get; }

    /// <summary>For every process that is to find the others.</summary>
    internal Dictionary<string, string> Environment => new() { ["HOME"] = Path };

    private string Tool { get; }

    internal static async Task<ToolHome> CreateAsync(CancellationToken cancellationToken)
    {
        string tool = await AspireTool.FindAsync(cancellationToken);
        string home = Directory.CreateTempSubdirectory("chord-tool-").FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(home, ".aspire"));

        // To look for updates, the tool would unpack 294 MB of itself here, and ask the network.
        await File.WriteAllTextAsync(
            System.IO.Path.Combine(home, ".aspire", "aspire.config.json"),
            """{ "features": { "updateNotificationsEnabled": "false" } }""", cancellationToken);
        return new ToolHome(home, tool);
    }

    /// <summary>Starts the tool in this repository, as a user would.</summary>
    internal Process Start(params string[] arguments)
    {
        var info = new ProcessStartInfo(Tool, ["--nologo", "--non-interactive", .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["HOME"] = Path;
        info.Environment["NO_COLOR"] = "1";
        info.Environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true";
        Process process = Process.Start(info)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs the tool to its end.</summary>
    internal async Task<ToolResult> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using Process process = Start(arguments);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience.Ample * 2, TimeProvider.System, cancellationToken);
            return new ToolResult(string.Join(' ', arguments), process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    public async ValueTask DisposeAsync() => await Patience.UntilAsync("the home can be removed", TryRemoveAsync, () => Path, CancellationToken.None);

    // The orchestrator outlives its AppHost by a moment, and writes here.
    private Task<bool> TryRemoveAsync()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
        }

        return Task.FromResult(!Directory.Exists(Path));
    }
}

/// <summary>How a run of the tool ended.</summary>
internal sealed record ToolResult(string Arguments, int ExitCode, string Output, string Errors)
{
    /// <summary>With everything it said.</summary>
    internal string All => $"aspire {Arguments} ended with exit code {ExitCode}.\n{Output}\n{Errors}";

    internal ToolResult Succeeded()
    {
        Assert.True(ExitCode == 0, All);
        return this;
    }

    internal ToolResult Failed()
    {
        Assert.True(ExitCode != 0, All);
        return this;
    }
}
