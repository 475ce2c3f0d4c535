using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Messages sent so far, requests and answers, by what they are for; and about how many bytes they would be on the wire.</summary>
/// <remarks>
/// Sizes are reckoned, not measured: a peer reference counts with the bytes of its identifier and 24 for its address and their tags, and each
/// message with 40 for
/// what gRPC and HTTP/2 add once a connection stands.
/// </remarks>
public sealed class Traffic
{
    private const int MessageBytes = 40;
    private const int AddressBytes = 24;
    private readonly Sum[] _maintenance = new Sum[Enum.GetValues<CallKind>().Length];
    private Sum _clients;

    /// <summary>Of peers keeping the ring: stabilizing, notifying, fixing fingers, joining and leaving.</summary>
    public long MaintenanceMessages => _maintenance.Sum(kind => kind.Messages);

    /// <summary>About what those were in bytes.</summary>
    public long MaintenanceBytes => _maintenance.Sum(kind => kind.Bytes);

    /// <summary>Of clients' lookups.</summary>
    public long ClientMessages => _clients.Messages;

    /// <summary>About what those were in bytes.</summary>
    public long ClientBytes => _clients.Bytes;

    /// <summary>Of maintenance, by what they were for. Hops of lookups for fingers and joins are <see cref="CallKind.Route"/>.</summary>
    public long MessagesOf(CallKind kind) => _maintenance[(int)kind].Messages;

    /// <summary>About what those were in bytes.</summary>
    public long BytesOf(CallKind kind) => _maintenance[(int)kind].Bytes;

    internal void CountRequest(Call call)
    {
        int id = Identifier.ByteCount(call.Target.Id.Bits);
        Count(call, MessageBytes + id + (call.Kind is CallKind.Notify or CallKind.Depart ? id + AddressBytes : call.Kind == CallKind.Route ? id : 0));
    }

    internal void CountAnswer(Call call)
    {
        int peers = call.Answer switch
        {
            Neighbors neighbors => 1 + neighbors.Successors.Count,
            RouteAnswer route => 1 + route.Successors.Length + route.Closer.Length,
            _ => 0,
        };
        Count(call, MessageBytes + (peers * (Identifier.ByteCount(call.Target.Id.Bits) + AddressBytes)));
    }

    private void Count(Call call, int bytes)
    {
        // Whoever looks up for the protocol has a purpose; a client has none.
        ref Sum sum = ref _maintenance[(int)call.Kind];
        if (call.Lookup is { Purpose: null })
            sum = ref _clients;
        sum.Messages++;
        sum.Bytes += bytes;
    }

    private struct Sum
    {
        public long Messages;
        public long Bytes;
    }
}
