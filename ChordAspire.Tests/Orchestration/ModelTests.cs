using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ChordAspire.Tests.Orchestration;

public class ModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("0peer")]
    [InlineData("peer_0")]
    [InlineData("peer-")]
    [InlineData("peer--0")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123456")]
    public void A_bad_name_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => SomeApplication.Builder().AddProgram(name));

    [Fact]
    public void Names_are_unique_without_case()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        builder.AddProgram("peer");
        Assert.Throws<DistributedApplicationException>(() => builder.AddProgram("Peer"));
        Assert.Same(builder.Resources[0], builder.CreateResourceBuilder<ExecutableResource>("PEER").Resource);
    }

    [Fact]
    public async Task Handlers_of_one_resource_hear_of_no_other()
    {
        var heard = new List<string>();
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResource[] peers = [builder.AddProgram("a").OnResourceReady(Hear).Resource, builder.AddProgram("b").OnResourceReady(Hear).Resource];
        await using DistributedApplication application = builder.BuildKnown();
        foreach (IResource peer in peers)
            await builder.Eventing.PublishAsync(new ResourceReadyEvent(peer, application.Services), Cancel);
        Assert.Equal(["a", "b"], heard);

        Task Hear(ExecutableResource resource, ResourceReadyEvent ready, CancellationToken cancellationToken)
        {
            heard.Add(resource.Name);
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData("--publisher", "manifest")]
    [InlineData("--operation=publish")]
    public void To_publish_is_refused(params string[] args)
    {
        var refusal = Assert.Throws<DistributedApplicationException>(() => SomeApplication.Builder(args));
        Assert.Contains($"'{args[0]}': this host runs applications and does not publish them", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_test_there_is_no_dashboard_and_what_the_test_says_goes_first()
    {
        DistributedApplicationOptions? seen = null;
        using IDistributedApplicationTestingBuilder builder = DistributedApplicationTestingBuilder.Create(
            ["--ASPNETCORE_URLS", "http://localhost:9999", "--Ring:Peers", "5"], (options, _) => seen = options);
        Assert.True(seen!.DisableDashboard);
        Assert.Equal("http://localhost:9999", builder.Configuration["ASPNETCORE_URLS"]);
        Assert.Equal("5", builder.Configuration["Ring:Peers"]);
        Assert.Equal("http://localhost:4317", builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"]);
        Assert.Equal("true", builder.Configuration["DcpPublisher:RandomizePorts"]);
    }
}
