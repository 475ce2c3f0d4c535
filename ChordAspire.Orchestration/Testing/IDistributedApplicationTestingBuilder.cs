namespace Aspire.Hosting.Testing;

/// <summary>The builder of an AppHost, held so that a test can change what it has built before it goes on.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Lets the AppHost go on.</summary>
    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
