using System.Collections.Immutable;
using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>Looks at a ring again and again, through whichever of its peers answers, and tells what has changed.</summary>
internal sealed class RingLooks(ChordClient client, string asked, TimeSpan interval, TimeSpan timeout)
{
    private const int AskedAtOnce = 32;

    private static readonly TimeSpan PatienceWithOne = TimeSpan.FromSeconds(3);

    /// <summary>A living peer has answered by then, mostly.</summary>
    private static readonly TimeSpan BeforeOthers = TimeSpan.FromMilliseconds(500);

    private readonly HeldChanges _held = new(interval);
    private ImmutableArray<string> _addresses = [asked];
    private RingReading? _last;
    private bool _isLost;

    /// <summary>Until it is given up.</summary>
    /// <param name="tell">Hears each change.</param>
    /// <param name="show">Given each ring that was read; null where no peer answers.</param>
    public async Task RunAsync(Action<RingChange> tell, Action<RingReading?> show, CancellationToken cancellation)
    {
        try
        {
            await LookOnAsync(tell, show, cancellation).ConfigureAwait(false);
        }
        finally
        {
            foreach (RingChange change in _held.AtTheEnd(TimeProvider.System.GetUtcNow()))
                tell(change);
        }
    }

    private async Task LookOnAsync(Action<RingChange> tell, Action<RingReading?> show, CancellationToken cancellation)
    {
        while (true)
        {
            RingReading? reading = await LookAsync(cancellation).ConfigureAwait(false);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            if (reading is not null)
            {
                if (_isLost)
                    tell(new RingChange(now, "ring", null, "answers again"));
                foreach (RingChange change in RingChange.Between(_last, reading, now).Concat(_held.After(reading, now)))
                    tell(change);
                _last = reading;
            }
            else if (!_isLost)
            {
                tell(new RingChange(now, "unreachable", null, "none of the peers known answers; still asking"));
            }
            _isLost = reading is null;
            show(reading);
            await Task.Delay(interval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<RingReading?> LookAsync(CancellationToken cancellation)
    {
        List<string> left = [.. _addresses];
        while (left.Count > 0 && await FirstAnsweringAsync(left, cancellation).ConfigureAwait(false) is { } address)
        {
            try
            {
                RingReading reading = await client.ReadRingAsync(address, cancellation, timeout).ConfigureAwait(false);
                // The one asked now stays the first to ask; the one named by the caller is not forgotten.
                _addresses = [.. reading.Members.Where(peer => peer.Kind == PeerKind.Peer).Select(peer => peer.Self.Address).Prepend(address).Append(asked).Distinct()];
                return reading;
            }
            catch (RefusedException)
            {
                // The next one may know more.
                left.Remove(address);
            }
        }
        return null;
    }

    /// <summary>The first of them; where it does not answer at once, whichever does. So that many silent ones take no longer than one.</summary>
    /// <returns>Null where nobody answers.</returns>
    private async Task<string?> FirstAnsweringAsync(List<string> addresses, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<bool> first = AnswersAsync(addresses[0], ended.Token);
        if (await Task.WhenAny(first, Task.Delay(BeforeOthers, TimeProvider.System, cancellation)).ConfigureAwait(false) == first && await first.ConfigureAwait(false))
            return addresses[0];
        string? found = null;
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, addresses.Count),
                new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = ended.Token },
                async (i, _) =>
                {
                    if (await (i == 0 ? first : AnswersAsync(addresses[i], ended.Token)).ConfigureAwait(false))
                    {
                        Interlocked.CompareExchange(ref found, addresses[i], null);
                        await ended.CancelAsync().ConfigureAwait(false);
                    }
                }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // One is enough.
        }
        // It is no longer asked; nobody else waits for it where it was cut off.
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return found;
    }

    private async Task<bool> AnswersAsync(string address, CancellationToken cancellation)
    {
        try
        {
            await client.DescribeAsync(address, cancellation, timeout < PatienceWithOne ? timeout : PatienceWithOne).ConfigureAwait(false);
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }
}
