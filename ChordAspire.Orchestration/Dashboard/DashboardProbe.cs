namespace Aspire.Hosting.Dashboard;

/// <summary>Finds out when a dashboard that was just started can be used.</summary>
internal sealed class DashboardProbe(Uri address, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Uri _health = new(address, "health");
    private readonly Uri _firstPage = new(address, "login");

    /// <summary>True when it answers; false when it ended before it did.</summary>
    /// <exception cref="DistributedApplicationException">It does neither.</exception>
    internal async Task<bool> UntilUpAsync(Task ended, CancellationToken stopping)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        long since = time.GetTimestamp();
        while (!ended.IsCompleted)
        {
            if (await AnswersAsync(client, _health, stopping))
            {
                // Its first page takes it a while to make. Better now than when somebody follows the address that is about to be told.
                await AnswersAsync(client, _firstPage, stopping);
                return true;
            }

            if (time.GetElapsedTime(since) > Limit)
                throw new DistributedApplicationException($"it does not answer at {address} after {Limit.TotalSeconds:0} s");
            await Task.Delay(Poll, time, stopping);
        }

        return false;
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri page, CancellationToken stopping)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(page, stopping);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
