using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ChordAspire.Tests.Hosting;

/// <summary>One application for all: a project, and a program that belongs to it.</summary>
public sealed class DescriptionFixture : IAsyncLifetime
{
    private SmallApplication? _application;

    internal SmallApplication Application => _application ?? throw new InvalidOperationException("The application has not been started.");

    internal EndpointReference? Web { get; private set; }

    public async ValueTask InitializeAsync() => _application = await SmallApplication.StartAsync(builder =>
    {
        IResourceBuilder<ProjectResource> project = builder.AddProject<Projects.ChordAspire_Peer>("project")
            .WithHttpEndpoint(name: "http", isProxied: false)
            .WithHttpEndpoint(name: "side", env: "SIDE_PORT", isProxied: false)
            .WithExplicitStart();
        IResourceBuilder<ExecutableResource> program = builder.AddObedient("program")
            .WithHttpEndpoint(name: "web", isProxied: false)
            .WithUrlForEndpoint("web", url => (url.Url, url.DisplayText) = ("/page?x=1", "the page"))
            .WithUrls(context => context.Urls.Add(
                new ResourceUrlAnnotation { Url = "http://example.com/", DisplayLocation = UrlDisplayLocation.DetailsOnly }))
            .WithParentRelationship(project)
            .WithReference(project)
            .WithIconName("Beaker");
        builder.AddObedient("waiter").WaitForStart(program);
        Web = program.GetEndpoint("web");
    });

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();
    }
}

/// <summary>How resources are shown: links, relationships, properties, and what a project is told by default.</summary>
public sealed class DescriptionTests(DescriptionFixture fixture) : IClassFixture<DescriptionFixture>
{
    private SmallApplication Application => fixture.Application;

    [Fact]
    public async Task A_link_of_an_endpoint_may_be_a_path_and_others_may_be_added()
    {
        CustomResourceSnapshot seen = await Application.WaitAsync("program", seen => seen.Urls.Any(url => !url.IsInactive));
        UrlSnapshot page = Assert.Single(seen.Urls, url => url.Name == "web");
        Assert.Equal(($"{fixture.Web!.Url}/page?x=1", "the page", false), (page.Url, page.DisplayProperties.DisplayName, page.IsInternal));
        UrlSnapshot other = Assert.Single(seen.Urls, url => url.Name is null);
        Assert.Equal(("http://example.com/", true), (other.Url, other.IsInternal));
    }

    [Fact]
    public async Task Relationships_are_shown_each_with_its_type()
    {
        CustomResourceSnapshot program = await Application.WaitAsync("program", _ => true), waiter = await Application.WaitAsync("waiter", _ => true);
        Assert.Contains(new RelationshipSnapshot("project", "Parent"), program.Relationships);
        Assert.Contains(new RelationshipSnapshot("project", "Reference"), program.Relationships);
        Assert.Contains(new RelationshipSnapshot("program", "WaitFor"), waiter.Relationships);
        Assert.StartsWith("project-", Property(program, "resource.parentName")?.ToString(), StringComparison.Ordinal);
        Assert.Equal("Beaker", program.IconName);
    }

    [Fact]
    public async Task A_program_is_shown_with_what_is_run_and_where()
    {
        CustomResourceSnapshot seen = await Application.WaitAsync("program", KnownResourceStates.Running);
        Assert.Equal(("Executable", "/bin/sh", "/"), (seen.ResourceType, Property(seen, "executable.path"), Property(seen, "executable.workDir")));
        Assert.Equal(new Projects.ChordAspire_Peer().ProjectPath, Property(await Application.WaitAsync("project", _ => true), "project.path"));
    }

    [Fact]
    public async Task A_project_is_told_its_addresses_and_where_telemetry_goes()
    {
        Assert.True((await Application.CommandAsync("project", KnownResourceCommands.StartCommand)).Success);
        CustomResourceSnapshot told = await Application.WaitAsync(
            "project", seen => seen.EnvironmentVariables.Any(variable => variable.Name == "OTEL_SERVICE_NAME"));
        Dictionary<string, string?> given = told.EnvironmentVariables
            .Where(variable => variable.IsFromSpec).ToDictionary(variable => variable.Name, variable => variable.Value);
        IResourceCollection resources = Application.App.Services.GetRequiredService<DistributedApplicationModel>().Resources;
        var project = (ProjectResource)resources.Single(resource => resource.Name == "project");

        // An endpoint that has a variable of its own is not among the addresses.
        Assert.Equal(project.GetEndpoint("http").Url, given["ASPNETCORE_URLS"]);
        Assert.Equal($"{project.GetEndpoint("side").Port}", given["SIDE_PORT"]);
        Assert.Equal("project", given["OTEL_SERVICE_NAME"]);
        Assert.Equal("http://localhost:4317", given["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("grpc", given["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("simple", given["LOGGING__CONSOLE__FORMATTERNAME"]);
        Assert.Equal("true", given["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"]);
        Assert.DoesNotContain("LOGGING__CONSOLE__FORMATTEROPTIONS__TIMESTAMPFORMAT", given.Keys);
    }

    private static object? Property(CustomResourceSnapshot seen, string name) =>
        seen.Properties.FirstOrDefault(property => property.Name == name)?.Value;
}
