using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using ChordAspire.Tests.Api;

namespace ChordAspire.Tests.AspirePackages;

/// <summary>What aspire-api.txt says of Aspire, held against Aspire itself, in whichever version the package feed has.</summary>
public sealed class ListedApiTests(ITestOutputHelper output)
{
    private static readonly Assembly[] Aspire = [typeof(DistributedApplication).Assembly, typeof(DistributedApplicationTestingBuilder).Assembly];

    /// <summary>Type and member, as far as the signature is the same before and after.</summary>
    private static readonly HashSet<string> KnownToHaveChanged =
    [
        // The listing of 13.5 is older than its sources, where Services has taken over what is required.
        "ExecuteCommandContext: public required IServiceProvider ServiceProvider",
        "UpdateCommandStateContext: public required IServiceProvider ServiceProvider",

        // 13.6 gives both a parameter more.
        "ResourceCommandAnnotation: public ResourceCommandAnnotation",
        "ResourceBuilderExtensions: public static IResourceBuilder<T> WithDebugSupport<T, TLaunchConfiguration>",
    ];

    [Fact]
    public void Every_listed_type_and_member_is_there()
    {
        Dictionary<string, HashSet<string>> real =
            PublicSurface.TypesOf(Aspire).ToDictionary(PublicSurface.NameOf, type => PublicSurface.LinesOf(type).ToHashSet());
        string[] missing =
        [
            .. AspireApi.Types.SelectMany(
                listed => listed.Value.Except(real.GetValueOrDefault(listed.Key, [])), (listed, line) => $"{listed.Key}: {line}"),
        ];

        output.WriteLine($"{AspireApi.Types.Sum(type => type.Value.Count)} lines listed");
        output.WriteLine($"not in {Aspire[0].GetName().Version}:\n{string.Join('\n', missing)}");
        Assert.DoesNotContain(missing, line => !KnownToHaveChanged.Contains(Short(line)));
    }

    /// <summary>The type without namespace, and the member without parameters or accessors.</summary>
    private static string Short(string line) => line[(line.LastIndexOf('.', line.IndexOf(':')) + 1)..].Split('(', '{')[0].TrimEnd();
}
