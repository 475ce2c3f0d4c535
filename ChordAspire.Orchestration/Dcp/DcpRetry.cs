using System.Net;

namespace Aspire.Hosting.Dcp;

/// <summary>Repeats a call that is safe to repeat, while DCP is busy with the object or does not answer.</summary>
internal static class DcpRetry
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>The first answer that is not a conflict. After the limit the last one, or the last failure, stands.</summary>
    internal static async Task<DcpReply> RepeatAsync(
        Func<Task<DcpReply>> call, Func<bool> isHopeless, TimeProvider time, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = Longer(pause))
        {
            bool last = time.GetElapsedTime(since) > Limit;
            try
            {
                DcpReply reply = await call();
                if (last || reply.Status is not (HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                    return reply;
            }
            catch (DcpException) when (!last && !isHopeless())
            {
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    internal static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
