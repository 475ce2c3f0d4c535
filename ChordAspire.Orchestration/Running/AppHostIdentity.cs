using System.Reflection;

namespace Aspire.Hosting.Running;

/// <summary>Who the AppHost is and where it lies, as its build wrote it into the assembly.</summary>
internal static class AppHostIdentity
{
    internal static Assembly? FindAssembly(string? name) => name is { Length: > 0 } ? Assembly.Load(name) : Assembly.GetEntryAssembly();

    /// <summary>The folder of the AppHost project; null when the assembly does not say, or the folder is not on this machine.</summary>
    internal static string? DirectoryOf(Assembly? assembly)
    {
        string? path = Stamp(assembly, "apphostprojectpath");
        return Directory.Exists(path) ? Path.GetFullPath(path) : null;
    }

    /// <summary>The file of the AppHost project, by which the <c>aspire</c> tool knows it; null when the assembly does not say.</summary>
    internal static string? FileOf(Assembly? assembly)
    {
        if (DirectoryOf(assembly) is not { } folder || Stamp(assembly, "apphostprojectname") is not { Length: > 0 } name)
            return null;
        string file = Path.Combine(folder, Path.ChangeExtension(name, ".csproj"));
        return File.Exists(file) ? file : null;
    }

    /// <summary>The repository around a folder: the nearest parent with a <c>.git</c> or a solution. The folder itself when there is none.</summary>
    internal static string RepositoryAround(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")) || at.EnumerateFiles("*.sln").Any())
                return at.FullName;
        }

        return folder;
    }

    private static string? Stamp(Assembly? assembly, string key) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(stamp => string.Equals(stamp.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
