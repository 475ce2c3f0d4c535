using System.Reflection;
using System.Runtime.CompilerServices;
using ChordAspire.Protocol;

namespace ChordAspire.Tests.ArchitectureRules;

/// <summary>Who may reference whom. Arrows point only toward Protocol.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Protocol"] = [],
        ["Simulation"] = ["Protocol"],
        ["Rpc"] = ["Protocol"],
        ["Peer"] = ["Protocol", "Rpc", "ServiceDefaults"],
        // It stands for a program that no one here wrote: made from the contract alone.
        ["SeedPeer"] = [],
        ["Observatory"] = ["Protocol", "Rpc", "ServiceDefaults"],
        ["Cli"] = ["Protocol", "Rpc", "Simulation"],
        ["ServiceDefaults"] = [],
        ["Orchestration"] = [],
        // Peers and pages are referenced as resources: built, and started as processes.
        ["AppHost"] = ["Orchestration", "Peer", "SeedPeer", "Observatory"],
        ["Benchmarks"] = ["Protocol", "Simulation", "Rpc"],
    };

    public static TheoryData<string> Rooms =>
        [.. Repository.Projects.Select(project => Repository.RoomNamed(Path.GetFileNameWithoutExtension(project)))];

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_it_may(string room)
    {
        if (room == "Tests")
            return;
        Assert.True(MayReference.TryGetValue(room, out string[]? allowed), $"The plan of the house has no room {room}: give it a row.");
        Assert.All(ReferencedBy(room), referenced => Assert.Contains(referenced, allowed));
    }

    [Theory]
    [InlineData("Peer")]
    [InlineData("SeedPeer")]
    public void Nobody_references_a_peer_but_the_AppHost_and_the_tests(string peer) =>
        Assert.All(
            Rooms.Select(row => row.Data).Where(room => room is not ("AppHost" or "Tests")),
            room => Assert.DoesNotContain(peer, ReferencedBy(room)));

    [Fact]
    public void A_project_stands_in_the_folder_of_its_name() =>
        Assert.All(Repository.Projects, project => Assert.Equal($"{Path.GetFileNameWithoutExtension(project)}/{Path.GetFileName(project)}", project));

    [Fact]
    public void Protocol_needs_no_package() =>
        Assert.Empty(Repository.Includes("ChordAspire.Protocol/ChordAspire.Protocol.csproj", "PackageReference"));

    [Fact]
    public void Protocol_knows_nothing_but_the_base_class_library() =>
        Assert.All(typeof(ChordProtocol).Assembly.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name));

    [Theory]
    [InlineData("System.Net")]
    [InlineData("System.IO")]
    [InlineData("System.Threading")]
    [InlineData("System.Console")]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("System.Diagnostics.DiagnosticSource")]
    public void Protocol_has_no_use_for(string assembly) =>
        Assert.DoesNotContain(typeof(ChordProtocol).Assembly.GetReferencedAssemblies(), reference =>
            reference.Name == assembly || reference.Name!.StartsWith(assembly + ".", StringComparison.Ordinal));

    [Fact]
    public void Protocol_shares_no_state() =>
        Assert.All(
            OwnTypesOfProtocol().SelectMany(type => type.GetFields(OwnStatics)),
            field => Assert.True(field.IsInitOnly || field.IsLiteral, $"{field.DeclaringType}.{field.Name} can change."));

    [Fact]
    public void Protocol_has_no_class_open_to_inheritance_but_closed_sets_of_cases() =>
        Assert.All(
            OwnTypesOfProtocol().Where(type => type is { IsClass: true, IsSealed: false }),
            type => Assert.True(type.IsAbstract && type.GetConstructors().Length == 0, $"{type} should be sealed."));

    private const BindingFlags OwnStatics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static IEnumerable<Type> OwnTypesOfProtocol() =>
        typeof(ChordProtocol).Assembly.GetTypes()
            .Where(type => !type.Name.Contains('<') && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null);

    private static IEnumerable<string> ReferencedBy(string room) =>
        Repository.Includes($"ChordAspire.{room}/ChordAspire.{room}.csproj", "ProjectReference")
            .Select(reference => Repository.RoomNamed(Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'))));
}
