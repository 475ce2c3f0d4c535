using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace ChordAspire.Tests.Orchestration;

public class EndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EndpointProperty.Url, "http://localhost:50051")]
    [InlineData(EndpointProperty.Host, "localhost")]
    [InlineData(EndpointProperty.IPV4Host, "127.0.0.1")]
    [InlineData(EndpointProperty.Port, "50051")]
    [InlineData(EndpointProperty.TargetPort, "50051")]
    [InlineData(EndpointProperty.HostAndPort, "localhost:50051")]
    [InlineData(EndpointProperty.Scheme, "http")]
    [InlineData(EndpointProperty.TlsEnabled, "False")]
    public async Task An_endpoint_tells_each_of_its_properties(EndpointProperty property, string expected)
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        EndpointReference endpoint = builder.AddProgram().WithHttpEndpoint(port: 50051, name: "grpc", isProxied: false).GetEndpoint("grpc");
        await using DistributedApplication application = builder.BuildKnown();
        application.Allocate();
        Assert.Equal(expected, await endpoint.Property(property).GetValueAsync(Cancel));
    }

    [Fact]
    public async Task A_value_taken_before_the_port_is_known_arrives_once_it_is()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        EndpointReference endpoint = builder.AddProgram().WithHttpEndpoint(isProxied: false).GetEndpoint("http");
        await using DistributedApplication application = builder.BuildKnown();
        Task<string?> url = endpoint.GetValueAsync(Cancel).AsTask();
        Assert.False(url.IsCompleted);
        application.Allocate();
        Assert.Equal(endpoint.Url, await url);
    }

    [Fact]
    public async Task Ports_that_are_not_given_are_chosen_from_the_range_and_differ()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder("--ASPIRE_PROXYLESS_ENDPOINT_PORT_RANGE", "21000-21999");
        EndpointReference[] endpoints =
            [.. Enumerable.Range(0, 20).Select(i => builder.AddProgram($"peer-{i}").WithHttpEndpoint(isProxied: false).GetEndpoint("http"))];
        await using DistributedApplication application = builder.BuildKnown();
        application.Allocate();
        Assert.All(endpoints, endpoint => Assert.InRange(endpoint.Port, 21000, 21999));
        Assert.Equal(20, endpoints.Select(endpoint => endpoint.Port).Distinct().Count());
    }

    [Fact]
    public async Task A_proxy_is_refused_by_name()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        builder.AddProgram().WithHttpEndpoint(name: "grpc");
        await using DistributedApplication application = builder.BuildKnown();
        string message = Assert.Throws<DistributedApplicationException>(application.Allocate).Message;
        Assert.Contains("'grpc'", message, StringComparison.Ordinal);
        Assert.Contains("'peer-0'", message, StringComparison.Ordinal);
        Assert.Contains("isProxied: false", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_different_ports_without_a_proxy_are_refused()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        builder.AddProgram().WithHttpEndpoint(port: 1001, targetPort: 1002, isProxied: false);
        await using DistributedApplication application = builder.BuildKnown();
        Assert.Contains("1001", Assert.Throws<DistributedApplicationException>(application.Allocate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_told_with_its_resource()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        int port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResourceBuilder<ExecutableResource> program = builder.AddProgram().WithHttpEndpoint(port: port, isProxied: false);
        await using DistributedApplication application = builder.BuildKnown();
        application.Allocate();
        string expected = $"Port {port} of endpoint 'http' of resource 'peer-0' is in use";
        Assert.StartsWith(expected, EndpointAllocation.Taken(program.Resource), StringComparison.Ordinal);
        other.Stop();
        Assert.Null(EndpointAllocation.Taken(program.Resource));
    }

    [Fact]
    public void A_missing_endpoint_is_told_with_those_there_are()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        EndpointReference endpoint = builder.AddProgram().WithHttpEndpoint(name: "grpc", isProxied: false).GetEndpoint("rpc");
        Assert.False(endpoint.Exists);
        Assert.Contains("`grpc`", Assert.Throws<InvalidOperationException>(() => endpoint.Port).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_endpoint_twice_is_refused() =>
        Assert.Throws<DistributedApplicationException>(() => SomeApplication.Builder().AddProgram().WithHttpEndpoint().WithHttpEndpoint());
}
