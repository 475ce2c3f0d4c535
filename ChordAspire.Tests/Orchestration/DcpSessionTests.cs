using System.Diagnostics;
using Aspire.Hosting.Dcp;
using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Orchestration;

/// <summary>
/// What we rely on in the real orchestrator, asked of it. These own a deadline, since real processes take real time; they wait for what
/// they want to see and never for time to pass.
/// </summary>
[Trait("Category", "Orchestrator")]
public sealed class DcpSessionTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly RunningDcp _dcp;
    private readonly CancellationTokenSource _late;

    public DcpSessionTests(RunningDcp dcp)
    {
        _dcp = dcp;
        _late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _late.CancelAfter(Deadline);
    }

    private CancellationToken Cancelled => _late.Token;

    public void Dispose() => _late.Dispose();

    [Fact]
    public async Task A_process_that_is_stopped_may_end_in_order()
    {
        DcpSession session = await _dcp.Session;
        string name = await CreateAsync(session, "trap 'exit 7' TERM; echo ready; while true; do sleep 0.05; done");
        await LineAsync(session, name, line => line.Text.EndsWith("ready", StringComparison.Ordinal));

        await session.StopExecutableAsync(name, Cancelled);

        Assert.Equal(7, (await UntilAsync(session, name, DcpExecutableState.Finished)).Status!.ExitCode);
    }

    [Fact]
    public async Task A_killed_process_is_reported_and_its_name_runs_again()
    {
        DcpSession session = await _dcp.Session;
        string name = await CreateAsync(session, "exec sleep 600");
        DcpExecutable first = await UntilAsync(session, name, DcpExecutableState.Running);

        using (var process = Process.GetProcessById(first.Status!.Pid!.Value))
            process.Kill();

        Assert.Equal(-1, (await UntilAsync(session, name, DcpExecutableState.Finished)).Status!.ExitCode);
        await session.DeleteExecutableAsync(name, Cancelled);
        await CreateAsync(session, "exec sleep 600", name);
        DcpExecutable second = await UntilAsync(session, name, DcpExecutableState.Running);
        Assert.NotEqual(first.Metadata.Uid, second.Metadata.Uid);
        await session.DeleteExecutableAsync(name, Cancelled);
    }

    [Fact]
    public async Task Both_streams_are_heard_and_braces_arrive_as_they_were_sent()
    {
        DcpSession session = await _dcp.Session;
        string name = await CreateAsync(session, "echo \"$VALUE {{arg}}\"; echo trouble >&2; exec sleep 600");

        DcpLogLine output = await LineAsync(session, name, line => line.Source == DcpLogSource.StdOut);
        DcpLogLine errors = await LineAsync(session, name, line => line.Source == DcpLogSource.StdErr);

        Assert.EndsWith(" {{value}} {{arg}}", output.Text, StringComparison.Ordinal);
        Assert.EndsWith(" trouble", errors.Text, StringComparison.Ordinal);
        await session.DeleteExecutableAsync(name, Cancelled);
    }

    [Fact]
    public async Task A_program_that_is_not_there_fails_with_a_reason()
    {
        DcpSession session = await _dcp.Session;
        string name = NewName();
        var nothing = new DcpExecutableSpec { ExecutablePath = "/no/such/program" };

        await session.CreateExecutableAsync(new DcpExecutable { Metadata = new DcpMetadata { Name = name }, Spec = nothing }, Cancelled);

        await UntilAsync(session, name, DcpExecutableState.FailedToStart);
        DcpLogLine reason = await LineAsync(session, name, line => line.Text.Contains("no such file", StringComparison.Ordinal));
        Assert.Equal(DcpLogSource.System, reason.Source);
    }

    [Fact]
    public async Task One_that_waits_to_be_started_has_no_process()
    {
        DcpSession session = await _dcp.Session;
        string name = await CreateAsync(session, "exec sleep 600", start: false);

        DcpExecutable waiting = await UntilAsync(session, name, state: null);

        Assert.Null(waiting.Status?.Pid);
        await session.DeleteExecutableAsync(name, Cancelled);
    }

    [Fact]
    public async Task Shutdown_takes_every_process_along()
    {
        DcpSession session = await RunningDcp.StartAsync();
        string name = await CreateAsync(session, "exec sleep 600");
        DcpExecutable running = await UntilAsync(session, name, DcpExecutableState.Running);

        int process = running.Status!.Pid!.Value;
        int controllers = LiveApplication.OrchestratorOf(process).Controllers;

        await session.ShutdownAsync(TimeSpan.FromSeconds(60));

        // Left to itself, the orchestrator's second process lives up to two seconds longer than the first.
        Assert.DoesNotContain(new[] { process, controllers }, ProcessTree.IsAlive);
        await session.ShutdownAsync(TimeSpan.FromSeconds(60));
        await session.DisposeAsync();
    }

    private static string NewName() => $"test-{Guid.NewGuid():N}";

    private async Task<string> CreateAsync(DcpSession session, string script, string? name = null, bool? start = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The processes are shell scripts.");
        name ??= NewName();
        await session.CreateExecutableAsync(
            new DcpExecutable
            {
                Metadata = new DcpMetadata { Name = name },
                Spec = new DcpExecutableSpec
                {
                    ExecutablePath = "/bin/sh",
                    Args = ["-c", script],
                    Env = [new DcpEnvironmentVariable("VALUE", "{{value}}")],
                    Start = start,
                },
            },
            Cancelled);
        return name;
    }

    private async Task<DcpExecutable> UntilAsync(DcpSession session, string name, string? state)
    {
        await foreach (DcpChange change in session.WatchExecutablesAsync(Cancelled))
        {
            if (change.Executable.Metadata.Name == name && change.Executable.Status?.State == state && change.Kind != DcpChangeKind.Deleted)
                return change.Executable;
        }

        throw new OperationCanceledException($"'{name}' did not reach '{state}'.");
    }

    private async Task<DcpLogLine> LineAsync(DcpSession session, string name, Func<DcpLogLine, bool> isWanted)
    {
        await foreach (DcpLogLine line in session.ReadLogsAsync(name, follow: true, Cancelled))
        {
            if (isWanted(line))
                return line;
        }

        throw new OperationCanceledException($"'{name}' did not say what was expected.");
    }
}
