using ChordAspire.Tests.Peer;
using ChordAspire.Tests.Ring;

namespace ChordAspire.Tests.Orchestration;

/// <summary>
/// A temporary folder and a cache of their own for processes whose remains are looked at: whatever was started in this place, and
/// whatever that started, is found again by the folder in its environment.
/// </summary>
internal sealed class SeparatePlace : IDisposable
{
    /// <summary>Within this time nothing may be left of a host that ended in whatever way.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();

    public SeparatePlace()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found through /proc.");
        Directory.CreateDirectory(Temporary);
        Directory.CreateDirectory(Cache);
    }

    public Dictionary<string, string> Environment => new() { ["TMPDIR"] = Temporary, ["XDG_CACHE_HOME"] = Cache };

    public IReadOnlyList<string> Sessions => Directory.GetDirectories(Temporary, "chord-aspire-dcp-*");

    public IReadOnlyList<string> Sockets => Directory.GetFiles(Cache, "dcp-notify-sock-*", SearchOption.AllDirectories);

    private string Temporary => Path.Combine(_folder.Path, "tmp");

    private string Cache => Path.Combine(_folder.Path, "cache");

    public IReadOnlyList<int> Processes => ProcessTree.WithVariable("TMPDIR", Temporary);

    public bool Runs(string program) => Processes.Any(id => ProcessTree.CommandOf(id).Contains(program, StringComparison.Ordinal));

    public Task UntilRunsAsync(string program, Func<string> explain, CancellationToken cancellationToken) =>
        Patience.UntilAsync($"'{program}' runs", () => Task.FromResult(Runs(program)), explain, cancellationToken);

    public Task<TimeSpan> UntilEmptyAsync(CancellationToken cancellationToken) => UntilLeftAsync(0, cancellationToken);

    /// <summary>Waits until no more than so many processes are left, and says how long it took.</summary>
    public async Task<TimeSpan> UntilLeftAsync(int count, CancellationToken cancellationToken)
    {
        long since = TimeProvider.System.GetTimestamp();
        while (Processes is { } left && left.Count > count)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < CleanUpLimit,
                $"After {CleanUpLimit} these are left:\n{string.Join('\n', left.Select(id => $"{id} {ProcessTree.CommandOf(id)}"))}");
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }

        return TimeProvider.System.GetElapsedTime(since);
    }

    public void Dispose() => _folder.Dispose();
}
