using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Orchestration;

/// <summary>A program that cannot be started says why, in its own console and in the host's log, and keeps nobody else from starting.</summary>
[Trait("Category", "Orchestrator")]
public sealed class StartFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_failure_names_its_reason_and_the_others_run()
    {
        string noProgram = _folder.Write("no-program", "only text");
        await using LiveApplication live = await LiveApplication.StartAsync(
            builder =>
            {
                builder.AddExecutable("missing", "/no/such/program", ".");
                builder.AddExecutable("unknown", "no-such-program-in-the-path", ".");
                builder.AddExecutable("forbidden", noProgram, ".");
                builder.AddExecutable("homeless", "sleep", "/no/such/folder", "600");
                LiveApplication.AddSleeper(builder);
            },
            Cancel);

        await live.Notifications.WaitForResourceAsync("sleeper", KnownResourceStates.Running, Cancel).WaitAsync(Patience.Ample, Cancel);
        await AssertFailsAsync(live, "missing", "/no/such/program");
        await AssertFailsAsync(live, "unknown", "no-such-program-in-the-path");
        await AssertFailsAsync(live, "forbidden", noProgram);
        await AssertFailsAsync(live, "homeless", "/no/such/folder");
    }

    private static async Task AssertFailsAsync(LiveApplication live, string name, string reason)
    {
        await live.Notifications.WaitForResourceAsync(name, KnownResourceStates.FailedToStart, Cancel).WaitAsync(Patience.Ample, Cancel);
        await live.UntilLoggedAsync($"Resource {name} failed to start: ", Cancel);
        Assert.Contains(
            live.Log.Lines,
            line => line.Contains($"Resource {name} failed to start", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
        Assert.Contains(reason, await live.ConsoleOfAsync(name, Cancel), StringComparison.Ordinal);
    }
}
