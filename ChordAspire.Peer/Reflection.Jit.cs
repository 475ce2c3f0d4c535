namespace ChordAspire.Peer;

/// <summary>Left out of the build when it is for native code.</summary>
internal static partial class Reflection
{
    static partial void Add(IServiceCollection services) => services.AddGrpcReflection();

    static partial void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGrpcReflectionService();
}
