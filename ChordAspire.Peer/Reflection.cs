namespace ChordAspire.Peer;

/// <summary>gRPC reflection, for tools such as grpcurl: in Development, and not in a peer compiled ahead of time, whose trimming it does not survive.</summary>
internal static partial class Reflection
{
    public static void AddTo(WebApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
            Add(builder.Services);
    }

    public static void MapTo(WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            Map(app);
    }

    static partial void Add(IServiceCollection services);

    static partial void Map(IEndpointRouteBuilder endpoints);
}
