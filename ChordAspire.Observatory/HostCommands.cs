using System.Net.Http.Headers;
using System.Text.Json;

namespace ChordAspire.Observatory;

/// <summary>What the AppHost does for the page: it runs the commands of its own resources. Only where the AppHost offers it, which it does in Development.</summary>
internal sealed class HostCommands(ObservatoryOptions options, PeerNames names) : IDisposable
{
    public const string Kill = "kill";
    public const string Leave = "leave";
    public const string Start = "start";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new() { Timeout = Patience };

    public bool AreOffered => options.Commands is not null && options.CommandToken is not null;

    /// <summary>The members that the AppHost knows, started or not; null where it does not answer.</summary>
    public async Task<IReadOnlyList<HostMember>?> MembersAsync(CancellationToken cancellationToken)
    {
        if (!AreOffered)
            return [];
        try
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "members", cancellationToken);
            response.EnsureSuccessStatusCode();
            HostMember[] members = await response.Content.ReadFromJsonAsync<HostMember[]>(cancellationToken) ?? [];
            foreach (HostMember member in members)
                names.Learn(member.Name, member.Address);
            return members;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException or JsonException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Runs a command of a member. Says what went wrong; null when it went well.</summary>
    public async Task<string?> RunAsync(string member, string command, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"members/{Uri.EscapeDataString(member)}/{command}", cancellationToken);
            return response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync(cancellationToken) is { Length: > 0 } why ? why : $"The AppHost answered {(int)response.StatusCode}.";
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return $"The AppHost does not answer: {silent.Message}";
        }
    }

    public void Dispose() => _http.Dispose();

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(options.Commands!, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.CommandToken);
        return _http.SendAsync(request, cancellationToken);
    }
}

/// <summary>A member as the AppHost knows it.</summary>
/// <param name="Address">Null before it has one.</param>
/// <param name="State">As the dashboard shows it.</param>
internal sealed record HostMember(string Name, string? Address, string State)
{
    public bool Runs => State is "Running" or "Starting";
}
