using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Messages sent so far, requests and answers, by what they are for; and about how many bytes they would be on the wire.</summary>
/// <remarks>
/// Sizes are reckoned, not measured: a peer reference counts with the bytes of its identifier and 24 for its address and their tags, and each message with 40 for
/// what gRPC and HTTP/2 add once a connection stands.
/// </remarks>
public sealed class Traffic
{
    private const int MessageBytes = 40;
    private const int AddressBytes = 24;
    private readonly long[] _messages = new long[Enum.GetValues<CallKind>().Length];
    private readonly long[] _bytes = new long[Enum.GetValues<CallKind>().Length];

    public long MessagesOf(CallKind kind) => _messages[(int)kind];

    public long BytesOf(CallKind kind) => _bytes[(int)kind];

    public long Messages => _messages.Sum();

    public long Bytes => _bytes.Sum();

    internal void CountRequest(Call call)
    {
        int id = Identifier.ByteCount(call.Target.Id.Bits);
        Count(call.Kind, MessageBytes + id + (call.Kind is CallKind.Notify or CallKind.Depart ? id + AddressBytes : call.Kind == CallKind.Route ? id : 0));
    }

    internal void CountAnswer(Call call)
    {
        int peers = call.Answer switch
        {
            Neighbors neighbors => 1 + neighbors.Successors.Count,
            RouteAnswer route => 1 + route.Successors.Length + route.Closer.Length,
            _ => 0,
        };
        Count(call.Kind, MessageBytes + (peers * (Identifier.ByteCount(call.Target.Id.Bits) + AddressBytes)));
    }

    private void Count(CallKind kind, int bytes)
    {
        _messages[(int)kind]++;
        _bytes[(int)kind] += bytes;
    }
}
