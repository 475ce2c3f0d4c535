using System.Diagnostics;
using System.Reflection;

namespace Aspire.Hosting.Running;

/// <summary>A project that was named by its path only.</summary>
internal sealed class ProjectByPath(string projectPath) : IProjectMetadata
{
    public string ProjectPath { get; } = File.Exists(projectPath) ? projectPath : Only(projectPath);

    private static string Only(string folder)
    {
        string[] projects = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csproj") : [];
        return projects.Length == 1
            ? projects[0]
            : throw new DistributedApplicationException($"'{folder}' is neither a project file nor a folder with exactly one.");
    }
}

/// <summary>Finds the program that a project was built into.</summary>
internal static class ProjectOutput
{
    /// <summary>The key under which the generated classes' assembly names the built program: this, and the full name of the class.</summary>
    internal const string MetadataPrefix = "projectoutput:";

    /// <summary>The file to start and the arguments that must come first.</summary>
    internal static async Task<(string Command, string[] Args)> FindAsync(IProjectMetadata project, CancellationToken cancellationToken)
    {
        string assembly = Stamped(project) ?? await AskAsync(project.ProjectPath, cancellationToken);
        if (!File.Exists(assembly))
            throw new DistributedApplicationException($"'{project.ProjectPath}' has not been built: there is no '{assembly}'. Build it first.");

        // The native starter saves one process image and gives the process its own name.
        string starter = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(starter) ? (starter, []) : ("dotnet", [assembly]);
    }

    private static string? Stamped(IProjectMetadata project) => project.GetType().Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(stamp => stamp.Key == MetadataPrefix + project.GetType().FullName)?.Value;

    private static async Task<string> AskAsync(string projectPath, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", projectPath, "-getProperty:TargetPath", "-nologo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process build = Process.Start(start)!;
        Task<string> errors = build.StandardError.ReadToEndAsync(cancellationToken);
        string answer = await build.StandardOutput.ReadToEndAsync(cancellationToken);
        await build.WaitForExitAsync(cancellationToken);
        return build.ExitCode == 0 && answer.Trim() is { Length: > 0 } path
            ? path
            : throw new DistributedApplicationException($"The output of '{projectPath}' is not known: {answer.Trim()} {await errors}");
    }
}
