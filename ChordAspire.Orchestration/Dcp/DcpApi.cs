using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Aspire.Hosting.Dcp;

/// <summary>One HTTPS connection to DCP: who is trusted, who we say we are, and how long a call may take.</summary>
internal sealed class DcpApi : IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private volatile bool _isRefused;

    internal DcpApi(HttpMessageHandler carrier, Kubeconfig kubeconfig, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(carrier)
        {
            BaseAddress = kubeconfig.Server,
            DefaultRequestVersion = HttpVersion.Version20,
            // Streams live as long as what they report; each call has its own limit below.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", kubeconfig.Token);
    }

    /// <param name="trusted">The one certificate that the other side may show.</param>
    internal static HttpMessageHandler CarrierFor(X509Certificate2 trusted)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { trusted },
        };
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            // Three log streams for every executable stay open, more than one connection may carry.
            EnableMultipleHttp2Connections = true,
            // Calls to the orchestrator are housekeeping and leave no trace in what the dashboard shows.
            ActivityHeadersPropagator = null,
        };
    }

    /// <summary>Whether nobody listens at the address any more. For one that has answered before, that is the end: it does not come back.</summary>
    internal bool IsRefused => _isRefused;

    public void Dispose() => _http.Dispose();

    /// <summary>The answer with its status, whatever that is. No answer within the limit is a <see cref="DcpException"/>.</summary>
    internal async Task<DcpReply> CallAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(CallLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var request = new HttpRequestMessage(method, path) { Version = HttpVersion.Version20, Content = content };
        try
        {
            using HttpResponseMessage response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return new DcpReply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DcpException($"Aspire's orchestrator did not answer {method} {path} within {CallLimit.TotalSeconds:0} s.");
        }
        catch (HttpRequestException unreachable)
        {
            throw new DcpException($"Aspire's orchestrator cannot be reached for {method} {path}: {unreachable.Message}", unreachable);
        }
    }

    /// <summary>A stream that stays open; the headers must come within the limit, the rest may take for ever.</summary>
    internal async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(CallLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = HttpVersion.Version20 };
        return await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
    }

    internal static HttpContent Json<T>(T value, JsonTypeInfo<T> type) =>
        Content(JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json");

    internal static HttpContent MergePatch(string json) =>
        Content(Encoding.UTF8.GetBytes(json), "application/merge-patch+json");

    private static ByteArrayContent Content(byte[] bytes, string type) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await _http.SendAsync(request, completion, cancellationToken);
            _isRefused = false;
            return response;
        }
        catch (HttpRequestException unreachable)
        {
            _isRefused = unreachable.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            throw;
        }
    }
}
