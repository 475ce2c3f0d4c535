using System.Xml.Linq;

namespace ChordAspire.Tests.ArchitectureRules;

/// <summary>The repository these tests were built from, as files.</summary>
internal static class Repository
{
    private const string SolutionName = "ChordAspire.sln";

    /// <summary>Folders that hold what is built, unpacked or written by tools.</summary>
    private static readonly HashSet<string> NotOurs =
        [".git", ".aspire", ".chromium", ".ring", ".vs", ".idea", ".vscode", "bin", "obj", "artifacts", "node_modules", "TestResults"];

    private static readonly HashSet<string> TextEndings =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".txt", ".proto", ".yml", ".yaml", ".sh", ".ps1", ".html", ".css", ".js",
        ".editorconfig", ".gitignore", "",
    ];

    public static string Root { get; } = FindRoot();

    public static string Solution => Path.Combine(Root, SolutionName);

    /// <summary>All files of the repository, relative to its root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Walk(Root).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> TextFiles => Files.Where(file => TextEndings.Contains(Path.GetExtension(file)));

    public static IEnumerable<string> Sources => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<string> Projects => Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>The room a file is in: the name of its top folder, without the product's name.</summary>
    public static string RoomOf(string file) => RoomNamed(file.Split('/')[0]);

    public static string RoomNamed(string project) =>
        project.StartsWith("ChordAspire.", StringComparison.Ordinal) ? project["ChordAspire.".Length..] : project;

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>What a project refers to with elements of this name, by its Include.</summary>
    public static IEnumerable<string> Includes(string project, string element) =>
        XDocument.Load(Path.Combine(Root, project)).Descendants(element).Select(node => node.Attribute("Include")?.Value).OfType<string>();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, SolutionName)))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds {SolutionName}.");
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))).SelectMany(Walk));
}
