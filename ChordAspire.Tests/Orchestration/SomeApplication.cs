using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;

namespace ChordAspire.Tests.Orchestration;

/// <summary>An application that is described, and perhaps built, but never started.</summary>
internal static class SomeApplication
{
    internal static IDistributedApplicationBuilder Builder(params string[] args) =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            DisableDashboard = true,
            ProjectDirectory = AppContext.BaseDirectory,
        });

    internal static IResourceBuilder<ExecutableResource> AddProgram(this IDistributedApplicationBuilder builder, string name = "peer-0") =>
        builder.AddExecutable(name, "program", ".");

    internal static DistributedApplication BuildKnown(this IDistributedApplicationBuilder builder)
    {
        DistributedApplication application = builder.Build();
        application.Services.GetRequiredService<DistributedApplicationExecutionContext>().Use(application.Services);
        return application;
    }

    internal static T The<T>(this DistributedApplication application)
        where T : notnull => application.Services.GetRequiredService<T>();

    internal static void Allocate(this DistributedApplication application) =>
        EndpointAllocation.AllocateAll(application.The<DistributedApplicationModel>(), application.The<PortAllocator>());

    /// <summary>What would be run if it were started now.</summary>
    internal static async Task<DcpExecutableSpec> SpecOfAsync(this DistributedApplication application, IResource resource) =>
        (await application.The<ProcessSpecBuilder>().BuildAsync(
            resource, application.The<ResourceLoggerService>().GetLogger(resource), TestContext.Current.CancellationToken)).Spec;

    /// <summary>What the program would be given if it were started now.</summary>
    internal static async Task<Dictionary<string, string?>> EnvironmentOfAsync(this DistributedApplication application, IResource resource) =>
        (await application.SpecOfAsync(resource)).Env!.ToDictionary(variable => variable.Name, variable => variable.Value);

    internal static Task ShowAsync(this DistributedApplication application, IResource resource, string? state) =>
        application.ResourceNotifications.PublishUpdateAsync(resource, before => before with { State = state });
}
