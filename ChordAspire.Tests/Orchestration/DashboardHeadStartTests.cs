using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using ChordAspire.Tests.Peer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChordAspire.Tests.Orchestration;

/// <summary>Resources start when the dashboard can be looked at, or when that takes too long.</summary>
public sealed class DashboardHeadStartTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_ends_when_the_dashboard_is_up()
    {
        DashboardPresence presence = With(dashboard: true);
        Task headStart = presence.HeadStartAsync(_time, Cancel);
        Assert.False(headStart.IsCompleted);

        presence.Up(new Uri("http://localhost:1"));

        await headStart.WaitAsync(Patience.Ample, Cancel);
    }

    [Fact]
    public async Task It_ends_when_there_will_be_none()
    {
        DashboardPresence presence = With(dashboard: true);
        Task headStart = presence.HeadStartAsync(_time, Cancel);

        presence.Missing();

        await headStart.WaitAsync(Patience.Ample, Cancel);
    }

    [Fact]
    public async Task It_ends_when_it_takes_too_long()
    {
        Task headStart = With(dashboard: true).HeadStartAsync(_time, Cancel);
        _time.Advance(DashboardPresence.HeadStartLimit - TimeSpan.FromMilliseconds(1));
        Assert.False(headStart.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await headStart.WaitAsync(Patience.Ample, Cancel);
    }

    [Fact]
    public void Without_a_dashboard_there_is_none() => Assert.True(With(dashboard: false).HeadStartAsync(_time, Cancel).IsCompleted);

    [Fact]
    [Trait("Category", "Orchestrator")]
    public async Task A_resource_is_held_back_for_it()
    {
        long allocated = 0;
        bool isUp = false;
        TimeSpan heldBack = default;
        await using LiveApplication live = await LiveApplication.StartAsync(
            builder =>
            {
                // Endpoints are allocated while the orchestrator comes up.
                builder.Eventing.Subscribe<ResourceEndpointsAllocatedEvent>((_, _) =>
                {
                    allocated = TimeProvider.System.GetTimestamp();
                    return Task.CompletedTask;
                });
                builder.Eventing.Subscribe<BeforeResourceStartedEvent>((starting, _) =>
                {
                    heldBack = TimeProvider.System.GetElapsedTime(allocated);
                    isUp = starting.Services.GetRequiredService<DashboardPresence>().Address.IsCompleted;
                    return Task.CompletedTask;
                });
                LiveApplication.AddSleeper(builder);
            },
            Cancel,
            dashboard: true);

        Assert.True(isUp || heldBack >= DashboardPresence.HeadStartLimit, $"The resource was held back for {heldBack}, and the dashboard was not up.");
    }

    private static DashboardPresence With(bool dashboard) => new(new DistributedApplicationOptions { DisableDashboard = !dashboard });
}
