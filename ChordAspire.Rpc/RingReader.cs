using ChordAspire.Protocol;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>
/// Asks every peer that the asked one, and those it leads to, name: along successors, predecessors and fingers, many at once. So a ring that is
/// broken is read too, where walking round it would end at the gap.
/// </summary>
/// <param name="name">How the asked peer is called in messages.</param>
/// <param name="patience">Silence of one peer longer than this ends the wait for it.</param>
internal sealed class RingReader(Wire.RingService.RingServiceClient asked, string name, PeerChannels channels, TimeSpan patience, CancellationToken cancellation)
{
    private const int AskedAtOnce = 32;

    private readonly Dictionary<PeerRef, PeerReading> _peers = [];
    private readonly HashSet<PeerRef> _known = [];
    private ChordParameters _parameters = new();

    /// <exception cref="RefusedException">The asked peer refused, or is silent; or there is no end to the peers that are named.</exception>
    public async Task<RingReading> RunAsync()
    {
        PeerDescription first = await FirstAsync().ConfigureAwait(false);
        _parameters = first.Parameters;
        PeerReading[] heard = [PeerReading.Of(first)];
        _known.Add(first.View.Self);
        while (heard.Length > 0)
        {
            foreach (PeerReading reading in heard)
                _peers.TryAdd(reading.Self, reading);
            PeerRef[] named = [.. heard.SelectMany(NamedBy).Where(_known.Add)];
            if (_known.Count > RingWalk.MaxPeers)
                throw new RefusedException(Refusal.Exhausted, FormattableString.Invariant($"More than {RingWalk.MaxPeers:#,0} peers are named: that is taken for a ring without an end."));
            heard = await AskAllAsync(named).ConfigureAwait(false);
        }
        HashSet<PeerRef> neighbours = [.. _peers.Values.SelectMany(peer => peer.Predecessor is { } predecessor ? peer.Successors.Add(predecessor) : peer.Successors)];
        // A finger may name a peer that is gone: it shortens lookups, and is mended when its turn comes. A neighbour may not.
        return new RingReading(_parameters, _peers.Values.Where(peer => peer.Phase is not null || neighbours.Contains(peer.Self)));
    }

    private static IEnumerable<PeerRef> NamedBy(PeerReading reading)
    {
        IEnumerable<PeerRef> named = reading.Successors;
        if (reading.Predecessor is { } predecessor)
            named = named.Append(predecessor);
        return reading.Description is { } told ? named.Concat(told.Fingers.Select(run => run.Peer)) : named;
    }

    private async Task<PeerDescription> FirstAsync()
    {
        try
        {
            return await DescribeAsync(asked).ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            throw CallFailure.ToRefusal(failure, name, patience);
        }
        catch (RefusedException malformed)
        {
            throw CallFailure.AnsweredBadly(name, malformed.Message);
        }
    }

    private async Task<PeerReading[]> AskAllAsync(PeerRef[] named)
    {
        var readings = new PeerReading[named.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, named.Length),
            new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellation },
            async (i, _) => readings[i] = await AskAsync(named[i]).ConfigureAwait(false)).ConfigureAwait(false);
        return readings;
    }

    /// <summary>What a peer says; silence is an answer here.</summary>
    private async Task<PeerReading> AskAsync(PeerRef peer)
    {
        try
        {
            PeerDescription told = await DescribeAsync(new Wire.RingService.RingServiceClient(channels.To(peer.Address))).ConfigureAwait(false);
            if (told.Parameters.Bits != _parameters.Bits)
                return PeerReading.OfSilent(peer, $"a peer of a ring of {told.Parameters.Bits} bits answers there.");
            return told.View.Self.Id == peer.Id
                ? PeerReading.Of(told)
                : PeerReading.OfSilent(peer, $"{told.View.Self.Id.ToBriefString()} answers there.");
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented && _parameters.Bits <= SeedMapping.MaxBits)
        {
            return await AskSeedAsync(peer).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or RefusedException)
        {
            cancellation.ThrowIfCancellationRequested();
            return PeerReading.OfSilent(peer, SilenceOf(failure));
        }
    }

    private async Task<PeerReading> AskSeedAsync(PeerRef peer)
    {
        try
        {
            return await new SeedQuestions(channels.To(peer.Address), _parameters.Bits, patience, cancellation).ReadAsync(peer).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or RefusedException)
        {
            cancellation.ThrowIfCancellationRequested();
            return PeerReading.OfSilent(peer, SilenceOf(failure)) with { Kind = PeerKind.Seed };
        }
    }

    private static string SilenceOf(Exception failure) => failure switch
    {
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => "no answer in time.",
        RpcException { StatusCode: StatusCode.Unavailable } => "no answer.",
        RpcException call => $"no answer ({call.StatusCode}).",
        _ => $"a bad answer: {failure.Message}",
    };

    private async Task<PeerDescription> DescribeAsync(Wire.RingService.RingServiceClient peer)
    {
        var options = new CallOptions(deadline: (TimeProvider.System.GetUtcNow() + patience).UtcDateTime, cancellationToken: cancellation);
        return PeerDescription.FromWire(await peer.DescribeAsync(new Wire.DescribeRequest(), options).ConfigureAwait(false));
    }
}
