using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Backchannel;

internal static class BackchannelServices
{
    internal static void AddBackchannel(this IServiceCollection services)
    {
        services.AddSingleton(_ => BackchannelFolder.OfUser());
        services.AddSingleton<HostFacts>();
        services.AddSingleton<DashboardFacts>();
        services.AddSingleton<ResourceDescriber>();
        services.AddSingleton<ConsoleReader>();
        services.AddSingleton<CommandGiver>();
        services.AddSingleton<ResourceWaits>();
        services.AddHostedService<BackchannelService>();
    }
}
