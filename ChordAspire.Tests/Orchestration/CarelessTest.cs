using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace ChordAspire.Tests.Orchestration;

/// <summary>
/// Starts an application and disposes of it; told to be careless, it throws before it does. That is for a test process of its own, which
/// <see cref="TestHostTests"/> starts and looks after.
/// </summary>
[Trait("Category", "Orchestrator")]
public sealed class CarelessTest
{
    internal const string IsCareless = "CHORD_TESTS_CARELESS";

    [Fact]
    public async Task It_starts_an_application()
    {
        IDistributedApplicationTestingBuilder builder = DistributedApplicationTestingBuilder.Create();
        LiveApplication.AddSleeper(builder);
        DistributedApplication application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.StartAsync(TestContext.Current.CancellationToken);
        if (Environment.GetEnvironmentVariable(IsCareless) is not null)
            throw new InvalidTimeZoneException("before it disposed of the application");
        await application.DisposeAsync();
    }
}
