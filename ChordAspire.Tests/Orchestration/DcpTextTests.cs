using System.Text.Json;
using Aspire.Hosting.Dcp;

namespace ChordAspire.Tests.Orchestration;

/// <summary>What we and DCP write for each other to read.</summary>
public sealed class DcpTextTests
{
    private const string Complete = """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: QUJD
            server: https://127.0.0.1:35205
          name: apiserver_cluster
        users:
        - name: apiserver_user
          user:
            token: abc123

        """;

    [Fact]
    public void Address_and_token_are_read_from_a_complete_file() =>
        Assert.Equal(new Kubeconfig(new Uri("https://127.0.0.1:35205"), "abc123"), Kubeconfig.TryParse(Complete));

    [Fact]
    public void No_beginning_of_a_file_is_mistaken_for_the_whole()
    {
        string whole = Complete.TrimEnd() + "\n";

        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.Null(Kubeconfig.TryParse(whole[..length])));
        Assert.NotNull(Kubeconfig.TryParse(whole));
    }

    [Theory]
    [InlineData("https://192.0.2.1:443")]
    [InlineData("http://127.0.0.1:80")]
    public void An_address_that_others_could_see_is_refused(string server) =>
        Assert.Throws<DcpException>(() => Kubeconfig.TryParse($"server: {server}\ntoken: abc\n"));

    [Fact]
    public void A_token_is_not_printed() =>
        Assert.DoesNotContain("abc123", $"{Kubeconfig.TryParse(Complete)}", StringComparison.Ordinal);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.Name}}", "{{\"{{\"}}.Name}}")]
    [InlineData("{{{", "{{\"{{\"}}{")]
    [InlineData("{{{{", "{{\"{{\"}}{{\"{{\"}}")]
    [InlineData("}}", "}}")]
    public void Braces_survive_a_reader_of_templates(string text, string wire)
    {
        Assert.Equal(wire, TemplateText.Escape(text));
        Assert.Equal(text, TemplateText.Unescape(wire));
    }

    [Fact]
    public void An_executable_is_sent_as_DCP_expects_it()
    {
        var executable = new DcpExecutable
        {
            Metadata = new DcpMetadata { Name = "peer", Annotations = new Dictionary<string, string> { ["resource-name"] = "peer-1" } },
            Spec = new DcpExecutableSpec { ExecutablePath = "dotnet", Args = ["{{x"], Env = [new DcpEnvironmentVariable("A", "b")], Start = false },
        };

        string sent = JsonSerializer.Serialize(DcpWire.Outgoing(executable), DcpJson.Default.DcpExecutable);

        Assert.Equal(
            """
            {"apiVersion":"usvc-dev.developer.microsoft.com/v1","kind":"Executable",
            "metadata":{"name":"peer","annotations":{"resource-name":"peer-1"}},
            "spec":{"executablePath":"dotnet","args":["{{\u0022{{\u0022}}x"],"env":[{"name":"A","value":"b"}],
            "start":false,"executionType":"Process"}}
            """.ReplaceLineEndings(""),
            sent);
    }

    [Fact]
    public void An_executable_is_read_with_what_became_of_it()
    {
        const string Received = """
            {"apiVersion":"usvc-dev.developer.microsoft.com/v1","kind":"Executable",
             "metadata":{"name":"peer","uid":"u1","resourceVersion":"7","creationTimestamp":"2026-01-02T03:04:05Z","generation":2},
             "spec":{"executablePath":"dotnet","args":["{{\"{{\"}}x"]},
             "status":{"state":"Finished","pid":12,"exitCode":-1,"startupTimestamp":"2026-01-02T03:04:05.123456Z","healthStatus":"Healthy"}}
            """;

        DcpExecutable read = DcpWire.Incoming(JsonSerializer.Deserialize(Received, DcpJson.Default.DcpExecutable)!);

        Assert.Equal(("u1", "{{x"), (read.Metadata.Uid, read.Spec.Args![0]));
        Assert.Equal((DcpExecutableState.Finished, 12, -1), (read.Status!.State, read.Status.Pid, read.Status.ExitCode));
        Assert.Equal(123, read.Status.StartupTimestamp!.Value.Millisecond);
    }
}
