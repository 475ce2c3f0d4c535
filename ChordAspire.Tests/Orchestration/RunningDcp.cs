using Aspire.Hosting.Bundle;
using Aspire.Hosting.Dcp;
using ChordAspire.Tests.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(RunningDcp))]

namespace ChordAspire.Tests.Orchestration;

/// <summary>The real orchestrator, started when the first test asks for it. The first time on a machine it is fetched.</summary>
public sealed class RunningDcp : IAsyncLifetime
{
    private readonly Lazy<Task<DcpSession>> _session = new(StartAsync);

    internal Task<DcpSession> Session => _session.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_session.IsValueCreated)
            await (await _session.Value).DisposeAsync();
    }

    internal static async Task<DcpSession> StartAsync() =>
        await DcpSession.StartAsync(await LocateAsync(CancellationToken.None), NullLogger.Instance, TimeProvider.System, CancellationToken.None);

    /// <summary>The real orchestrator and dashboard, as files.</summary>
    internal static Task<AspireBundle> LocateAsync(CancellationToken cancellationToken) => BundleLocator.LocateAsync(
        new ConfigurationBuilder().Build(),
        FindRepository(),
        TestContext.Current.SendDiagnosticMessage,
        TimeProvider.System,
        cancellationToken);

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ChordAspire.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No ChordAspire.sln above {AppContext.BaseDirectory}.");
    }
}
