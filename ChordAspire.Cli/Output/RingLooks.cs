using System.Collections.Immutable;
using ChordAspire.Rpc;

namespace ChordAspire.Cli;

/// <summary>Looks at a ring again and again, through whichever of its peers answers, and tells what has changed.</summary>
internal sealed class RingLooks(ChordClient client, string asked, TimeSpan interval, TimeSpan timeout)
{
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
        foreach (string address in _addresses)
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
            }
        }
        return null;
    }
}
