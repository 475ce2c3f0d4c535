using Aspire.Hosting;
using ChordAspire.Tests.Api;

namespace ChordAspire.Tests.Orchestration;

/// <summary>Our host shows nothing under Aspire's names that Aspire does not have.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void Every_public_type_and_member_is_one_of_Aspires()
    {
        string[] differences = [.. PublicSurface.TypesOf(typeof(DistributedApplication).Assembly).SelectMany(DifferencesOf)];
        Assert.True(differences.Length == 0, $"{differences.Length} differences, the first:\n{string.Join('\n', differences)}");
    }

    private static IEnumerable<string> DifferencesOf(Type type)
    {
        string name = PublicSurface.NameOf(type);
        if (!AspireApi.Types.TryGetValue(name, out HashSet<string>? listed))
            return [$"{name} is public here, and not in aspire-api.txt. If Aspire has it, write the list anew with read-aspire-api.py."];
        return PublicSurface.LinesOf(type).Where(line => !listed.Contains(line)).Select(line =>
            $"{name}\n  here:   {line}\n  Aspire: {string.Join("\n          ", AspireApi.Alike(name, line).DefaultIfEmpty("nothing of that name"))}");
    }
}
