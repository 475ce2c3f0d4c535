using System.Runtime.CompilerServices;
using Grpc.Core;

namespace ChordAspire.Rpc;

/// <summary>One streamed subscription to what a peer says of itself. It is taken up again whenever it breaks, with longer and longer pauses.</summary>
/// <param name="ring">At the peer.</param>
/// <param name="name">How it is called in messages.</param>
internal sealed class PeerSubscription(Wire.RingService.RingServiceClient ring, string name, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>A living peer is heard more than twice in it.</summary>
    private static readonly TimeSpan LongestSilence = 2.5 * RingLimits.WatchHeartbeat;

    public async IAsyncEnumerable<PeerNews> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        string? silence = null;
        while (true)
        {
            using (var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                using AsyncServerStreamingCall<Wire.WatchReply> call = ring.Watch(new Wire.WatchRequest(), cancellationToken: ended.Token);
                PeerNews news;
                while ((news = await NextAsync(call.ResponseStream, ended, cancellationToken).ConfigureAwait(false)).Told is not null)
                {
                    (pause, silence) = (FirstPause, null);
                    yield return news;
                }
                // Said once, not at every try.
                if (silence is null)
                    yield return news;
                silence = news.Silence;
            }
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            pause = 2 * pause < LongestPause ? 2 * pause : LongestPause;
        }
    }

    /// <exception cref="RefusedException">The peer does not know the request.</exception>
    private async Task<PeerNews> NextAsync(IAsyncStreamReader<Wire.WatchReply> stream, CancellationTokenSource ended, CancellationToken caller)
    {
        ended.CancelAfter(LongestSilence);
        try
        {
            return await stream.MoveNext(ended.Token).ConfigureAwait(false)
                ? CallFailure.Read(name, stream.Current, PeerNews.FromWire)
                : PeerNews.OfSilent($"{name} has left.");
        }
        catch (RpcException failure) when (!ended.IsCancellationRequested)
        {
            RefusedException refused = CallFailure.ToRefusal(failure, name);
            return refused.Reason == Refusal.NotServed ? throw refused : PeerNews.OfSilent(refused.Message);
        }
        catch (RefusedException malformed)
        {
            return PeerNews.OfSilent(malformed.Message);
        }
        catch (Exception gone) when (gone is RpcException or OperationCanceledException)
        {
            caller.ThrowIfCancellationRequested();
            return PeerNews.OfSilent(FormattableString.Invariant($"{name} has said nothing for {LongestSilence.TotalSeconds:0.#} s."));
        }
    }
}
