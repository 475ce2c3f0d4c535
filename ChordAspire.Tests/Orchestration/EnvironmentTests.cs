using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ChordAspire.Tests.Orchestration;

public class EnvironmentTests
{
    [Fact]
    public async Task Every_kind_of_value_reaches_the_process()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        EndpointReference first = builder.AddProgram().WithHttpEndpoint(port: 50051, name: "grpc", isProxied: false).GetEndpoint("grpc");
        IResourceBuilder<ExecutableResource> second =
            builder.AddProgram("peer-1").WithHttpEndpoint(port: 50052, name: "grpc", isProxied: false, env: "OWN_PORT")
            .WithEnvironment("TEXT", "plain")
            .WithEnvironment("NOTHING", (string?)null)
            .WithEnvironment("CALLED", () => "asked")
            .WithEnvironment("URL", first)
            .WithEnvironment("PORT", first.Property(EndpointProperty.TargetPort))
            .WithEnvironment("MIXED", $"at {first.Property(EndpointProperty.HostAndPort)} {{here}}")
            .WithEnvironment(context => context.EnvironmentVariables["TARGET"] = ReferenceExpression.Create($"{first}/path"));
        await using DistributedApplication application = builder.BuildKnown();
        application.Allocate();
        Dictionary<string, string?> environment = await application.EnvironmentOfAsync(second.Resource);
        Assert.Equal("plain", environment["TEXT"]);
        Assert.Equal("", environment["NOTHING"]);
        Assert.Equal("asked", environment["CALLED"]);
        Assert.Equal("http://localhost:50051", environment["URL"]);
        Assert.Equal("50051", environment["PORT"]);
        Assert.Equal("at localhost:50051 {here}", environment["MIXED"]);
        Assert.Equal("http://localhost:50051/path", environment["TARGET"]);
        Assert.Equal("50052", environment["OWN_PORT"]);
    }

    [Fact]
    public async Task Callbacks_are_asked_again_at_each_start()
    {
        int starts = 0;
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResourceBuilder<ExecutableResource> program =
            builder.AddProgram().WithEnvironment(context => context.EnvironmentVariables["START"] = ++starts);
        await using DistributedApplication application = builder.BuildKnown();
        Assert.Equal("1", (await application.EnvironmentOfAsync(program.Resource))["START"]);
        Assert.Equal("2", (await application.EnvironmentOfAsync(program.Resource))["START"]);
    }

    [Fact]
    public async Task A_value_that_is_no_text_is_refused_by_name()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResourceBuilder<ExecutableResource> program =
            builder.AddProgram().WithEnvironment(context => context.EnvironmentVariables["ODD"] = new object());
        await using DistributedApplication application = builder.BuildKnown();
        string message = (await Assert.ThrowsAsync<DistributedApplicationException>(() => application.EnvironmentOfAsync(program.Resource))).Message;
        Assert.Contains("'ODD'", message, StringComparison.Ordinal);
        Assert.Contains("'peer-0'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_to_an_endpoint_is_written_as_service_discovery_reads_it()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResourceBuilder<ExecutableResource> api = builder.AddProgram("my-api").WithHttpEndpoint(port: 1001, isProxied: false)
            .WithHttpEndpoint(port: 1002, name: "grpc", isProxied: false);
        IResourceBuilder<ExecutableResource> client =
            builder.AddProgram("client").WithReference(api.GetEndpoint("http")).WithReference(api.GetEndpoint("grpc"));
        await using DistributedApplication application = builder.BuildKnown();
        application.Allocate();
        Dictionary<string, string?> environment = await application.EnvironmentOfAsync(client.Resource);
        Assert.Equal("http://localhost:1001", environment["services__my-api__http__0"]);
        Assert.Equal("http://localhost:1001", environment["MY_API_HTTP"]);
        Assert.Equal("http://localhost:1002", environment["services__my-api__grpc__0"]);
        Assert.Equal("http://localhost:1002", environment["MY_API_GRPC"]);
    }

    [Fact]
    public void A_value_of_a_resource_draws_a_line_to_it_even_from_itself_as_with_Aspire()
    {
        IDistributedApplicationBuilder builder = SomeApplication.Builder();
        IResourceBuilder<ExecutableResource> first = builder.AddProgram().WithHttpEndpoint(name: "grpc", isProxied: false);
        first.WithEnvironment("PORT", first.GetEndpoint("grpc").Property(EndpointProperty.TargetPort));
        IResourceBuilder<ExecutableResource> second =
            builder.AddProgram("peer-1").WithEnvironment("TARGET", $"{first.GetEndpoint("grpc").Property(EndpointProperty.HostAndPort)}");
        Assert.Same(first.Resource, Assert.Single(first.Resource.Annotations.OfType<ResourceRelationshipAnnotation>()).Resource);
        Assert.Same(first.Resource, Assert.Single(second.Resource.Annotations.OfType<ResourceRelationshipAnnotation>()).Resource);
    }

    [Fact]
    public async Task A_program_that_sends_telemetry_is_told_where_and_as_whom()
    {
        IDistributedApplicationBuilder builder =
            SomeApplication.Builder("--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:19000", "--AppHost:OtlpApiKey", "secret");
        IResourceBuilder<ExecutableResource> program = builder.AddProgram().WithOtlpExporter();
        await using DistributedApplication application = builder.BuildKnown();
        Dictionary<string, string?> environment = await application.EnvironmentOfAsync(program.Resource);
        Assert.Equal("http://localhost:19000", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("grpc", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("x-otlp-api-key=secret", environment["OTEL_EXPORTER_OTLP_HEADERS"]);
        Assert.Equal("peer-0", environment["OTEL_SERVICE_NAME"]);
        Assert.Equal($"peer-0-{environment["OTEL_RESOURCE_ATTRIBUTES"]!["service.instance.id=".Length..]}", program.Resource.InstanceName());
    }
}
