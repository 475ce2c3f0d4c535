using ChordAspire.Rpc.Wire;

namespace ChordAspire.Peer;

/// <summary>Which server calls leave a span: the hops of traced lookups, and nothing else unless asked for.</summary>
internal sealed class ServerSpanFilter(PeerOptions options)
{
    private static readonly string PeerCalls = $"/{PeerService.Descriptor.FullName}";
    private static readonly string CopyCalls = $"/{CopyService.Descriptor.FullName}";

    public bool Keep(HttpContext context)
    {
        PathString path = context.Request.Path;
        if (path.StartsWithSegments(PeerCalls) || path.StartsWithSegments(CopyCalls))
            return options.TraceMaintenance || context.Request.Headers.ContainsKey("traceparent");
        // A client's request has a span of its own with the same extent: chord.lookup, chord.put, chord.get.
        return false;
    }
}
