using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using ChordAspire.Protocol;
using ChordAspire.Rpc;

namespace ChordAspire.Peer;

/// <summary>The peer over plain HTTP, for people with curl and for programs that do not speak gRPC: reads only.</summary>
internal static class PeerHttp
{
    private const string LookupPath = "/lookup/{key}";

    public static void MapTo(WebApplication app)
    {
        // As request delegates: their typed cousins would need reflection, or code generated for them.
        RequestDelegate page = DescribeAsync;
        RequestDelegate lookup = LookUpAsync;
        app.MapGet(PeerPage.Path, page);
        app.MapGet(LookupPath, lookup);
    }

    private static Task DescribeAsync(HttpContext context)
    {
        IServiceProvider services = context.RequestServices;
        return WriteAsync(context, PeerPage.Of(services.GetRequiredService<PeerLoop>().State, services.GetRequiredService<StorageTelemetry>().Now, services.GetRequiredService<RingCaller>().SeedsSeen), PeerJson.Default.PeerPage);
    }

    private static async Task LookUpAsync(HttpContext context)
    {
        IServiceProvider services = context.RequestServices;
        try
        {
            PeerState state = RequestContext.MemberOf(services.GetRequiredService<PeerLoop>());
            string key = WireMapping.KeyFromWire((string)context.Request.RouteValues["key"]!);
            ActivityContext.TryParse(context.Request.Headers.TraceParent, null, isRemote: true, out ActivityContext caller);
            LookupRun run = await services.GetRequiredService<LookupDriver>()
                .LookUpAsync(IdentifierCircle.PlaceOf(key, state.Parameters.Bits), caller, context.RequestAborted);
            if (run.Outcome.Owner is null)
                throw new RefusedException(Refusal.Unavailable, $"The lookup failed after {run.Outcome.Hops} hops: {run.Outcome.Failure}.");
            await WriteAsync(context, LookupPage.Of(key, run), PeerJson.Default.LookupPage);
        }
        catch (RefusedException refused)
        {
            context.Response.StatusCode = refused.Reason == Refusal.InvalidRequest ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(refused.Message, context.RequestAborted);
        }
    }

    private static Task WriteAsync<T>(HttpContext context, T page, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(page, type, contentType: null, context.RequestAborted);
}
