using ChordAspire.Protocol;
using Google.Protobuf;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>A client of a ring, through one of its peers. Made by <c>services.AddChordClient</c>, or over any call invoker.</summary>
/// <remarks>For any number of threads. Disposing it closes the connections that it opened itself, not the one it was given.</remarks>
public sealed partial class ChordClient : IDisposable
{
    /// <summary>Longest that any call here may take, unless told otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private readonly Wire.RingService.RingServiceClient _ring;
    private readonly string _name;
    private readonly ClientChannels _channels;
    private readonly bool _ownsChannels;

    public ChordClient(Wire.RingService.RingServiceClient ring)
        : this(ring, new ClientChannels(), ownsChannels: true)
    {
    }

    public ChordClient(CallInvoker invoker)
        : this(new Wire.RingService.RingServiceClient(invoker))
    {
    }

    /// <summary>The same, with a name for the peer.</summary>
    /// <param name="name">How it is called in the messages of refusals: its address, mostly.</param>
    public ChordClient(CallInvoker invoker, string name)
        : this(new Wire.RingService.RingServiceClient(invoker), new ClientChannels(), ownsChannels: true, name)
    {
    }

    internal ChordClient(Wire.RingService.RingServiceClient ring, ClientChannels channels, bool ownsChannels, string name = "The asked peer")
    {
        _ring = ring;
        _name = name;
        _channels = channels;
        _ownsChannels = ownsChannels;
    }

    private OwnerCalls Owners => new(_ring, _channels.Open, _name);

    public void Dispose()
    {
        if (_ownsChannels)
            _channels.Dispose();
    }

    /// <summary>The owner of a key, and the way there.</summary>
    /// <exception cref="RefusedException">The peer refused, or is silent.</exception>
    public Task<LookupAnswer> LookupAsync(string key, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        LookupAsync(new Wire.LookupRequest { Key = key }, timeout, cancellationToken);

    /// <summary>The owner of a place on the circle, and the way there.</summary>
    /// <exception cref="RefusedException">The peer refused, or is silent.</exception>
    public Task<LookupAnswer> LookupAsync(Identifier id, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        LookupAsync(new Wire.LookupRequest { Id = WireMapping.ToWire(id) }, timeout, cancellationToken);

    /// <summary>Stores a value of at most 1 MiB at the owner of its key, by way of the asked peer: for who can reach no other.</summary>
    /// <exception cref="RefusedException">The peer refused, or is silent.</exception>
    public async Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        await CallAsync(_name, options => _ring.PutAsync(new Wire.PutRequest { Key = key, Content = ByteString.CopyFrom(content.Span) }, options), timeout, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>The value of a key, of at most 1 MiB, by way of the asked peer; null when there is none.</summary>
    /// <exception cref="RefusedException">The peer refused, or is silent.</exception>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(string key, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        Wire.GetReply reply = await CallAsync(_name, options => _ring.GetAsync(new Wire.GetRequest { Key = key }, options), timeout, cancellationToken).ConfigureAwait(false);
        // A bare null would become an empty memory, by way of a null array.
        return reply.Found ? reply.Content.Memory : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>What the asked peer knows of itself and its neighbours.</summary>
    /// <exception cref="RefusedException">The peer refused, or is silent.</exception>
    public async Task<PeerDescription> DescribeAsync(CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        CallFailure.Read(_name, await CallAsync(_name, options => _ring.DescribeAsync(new Wire.DescribeRequest(), options), timeout, cancellationToken).ConfigureAwait(false), PeerDescription.FromWire);

    private async Task<LookupAnswer> LookupAsync(Wire.LookupRequest request, TimeSpan? timeout, CancellationToken cancellationToken) =>
        CallFailure.Read(_name, await CallAsync(_name, options => _ring.LookupAsync(request, options), timeout, cancellationToken).ConfigureAwait(false), LookupAnswer.FromWire);

    private static async Task<TReply> CallAsync<TReply>(string name, Func<CallOptions, AsyncUnaryCall<TReply>> call, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeSpan patience = timeout ?? DefaultTimeout;
        DateTime deadline = (TimeProvider.System.GetUtcNow() + patience).UtcDateTime;
        try
        {
            using AsyncUnaryCall<TReply> under = call(new CallOptions(deadline: deadline, cancellationToken: cancellationToken));
            return await under.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw CallFailure.ToRefusal(failure, name, patience);
        }
        catch (RpcException failure)
        {
            throw new OperationCanceledException("The call was given up.", failure, cancellationToken);
        }
    }
}
