using System.Text.RegularExpressions;

namespace ChordAspire.Tests.ArchitectureRules;

public sealed partial class SolutionTests
{
    [Fact]
    public void There_is_one_solution() =>
        Assert.Equal(
            [Path.GetFileName(Repository.Solution)],
            Repository.Files.Where(file => Path.GetExtension(file) is ".sln" or ".slnx" or ".slnf"));

    [Fact]
    public void The_solution_holds_every_project_and_no_other()
    {
        IEnumerable<string> listed = ProjectLine()
            .Matches(File.ReadAllText(Repository.Solution))
            .Select(match => match.Groups[1].Value.Replace('\\', '/'));
        Assert.Equal(Repository.Projects.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place() =>
        Assert.All(
            Repository.Projects.SelectMany(project => Repository.Read(project).Split('\n')).Where(line => line.Contains("<PackageReference")),
            line => Assert.DoesNotContain("Version=", line));

    [GeneratedRegex("""^Project\("[^"]*"\) = "[^"]*", "([^"]*\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
