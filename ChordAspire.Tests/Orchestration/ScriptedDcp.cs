using System.Net;
using System.Text;
using Aspire.Hosting.Dcp;

namespace ChordAspire.Tests.Orchestration;

/// <summary>A DCP that gives the answers it was told to give, in order, and remembers the questions.</summary>
internal sealed class ScriptedDcp : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<string> Questions { get; } = [];

    public DcpApi Connect(TimeProvider time) => new(this, new Kubeconfig(new Uri("https://127.0.0.1:1"), "token"), time);

    public ScriptedDcp Answers(HttpStatusCode status, string body = "{}")
    {
        _answers.Enqueue(() => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8) });
        return this;
    }

    public ScriptedDcp Answers(string body) => Answers(HttpStatusCode.OK, body);

    public ScriptedDcp BreaksOff()
    {
        _answers.Enqueue(() => throw new HttpRequestException("The connection was lost."));
        return this;
    }

    public static string Executable(string name, string uid, string version, string more = "") =>
        $$$"""{"metadata":{"name":"{{{name}}}","uid":"{{{uid}}}","resourceVersion":"{{{version}}}"{{{more}}}},"spec":{"executablePath":"x"}}""";

    public static string Event(string type, string executable) => $$"""{"type":"{{type}}","object":{{executable}}}""" + "\n";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is { } content ? " " + await content.ReadAsStringAsync(cancellationToken) : "";
        string path = request.RequestUri!.PathAndQuery.Replace($"/apis/{DcpPaths.ApiVersion}", "", StringComparison.Ordinal);
        Questions.Add($"{request.Method} {path}{body}");

        // Whoever asks more than was foreseen waits until the test is over, as with a server that stands still.
        if (!_answers.TryDequeue(out Func<HttpResponseMessage>? answer))
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return answer!();
    }
}
