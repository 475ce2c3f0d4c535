using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ChordAspire.AppHost;

/// <summary>What can be done to a member of the ring beside Aspire's start, stop and restart. Kill and Leave go to its own process.</summary>
internal static partial class PeerCommands
{
    private const int SigTerm = 15;

    private static int _keys;

    public static IResourceBuilder<T> WithPeerCommands<T>(this IResourceBuilder<T> resource, RingPeer peer)
        where T : IResource => resource
        .WithEndCommands(
            peer,
            "Ends the process at once (SIGKILL). The others find out, repair the ring, and make the copies of its objects again.",
            "Lets the peer leave the ring in order (SIGTERM): it gives its objects to its successors, says goodbye, and ends.")
        .WithCommand("lookup", "Look up a key", context => LookUpAsync(context, peer), new CommandOptions
        {
            Description = "Looks up some key through this peer, a new one each time. It leaves one trace, with a span for each peer asked.",
            IconName = "Search",
            UpdateState = WhenRunning,
            IsHighlighted = true,
        });

    public static IResourceBuilder<T> WithGuestCommands<T>(this IResourceBuilder<T> resource, RingGuest guest)
        where T : IResource => resource.WithEndCommands(
            guest,
            "Ends the process at once (SIGKILL). Our peers close the ring round it; what it alone had is gone.",
            "Tells the process to end (SIGTERM): a seed peer tells its neighbours of each other first.");

    private static IResourceBuilder<T> WithEndCommands<T>(this IResourceBuilder<T> resource, RingMember member, string kill, string leave)
        where T : IResource => resource
        .WithCommand("kill", "Kill", context => SignalAsync(context, member, "killed", static process => process.Kill()), new CommandOptions
        {
            Description = kill,
            ConfirmationMessage = $"Kill {member.Name}? It gets no chance to say goodbye.",
            IconName = "DismissCircle",
            UpdateState = WhenRunning,
            IsHighlighted = true,
        })
        .WithCommand("leave", "Leave", context => SignalAsync(context, member, "asked to leave", Terminate), new CommandOptions
        {
            Description = leave,
            IconName = "DoorArrowLeft",
            UpdateState = WhenRunning,
            IsHighlighted = true,
        });

    /// <summary>Hidden rather than greyed out, so that Start stands in the row of whoever does not run.</summary>
    private static ResourceCommandState WhenRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Hidden;

    private static async Task<ExecuteCommandResult> SignalAsync(ExecuteCommandContext context, RingMember member, string done, Action<Process> signal)
    {
        RingWatch watch = context.Services.GetRequiredService<RingWatch>();
        if (await watch.ProcessOfAsync(member, context.ResourceName, context.CancellationToken).ConfigureAwait(false) is not { } id)
            return CommandResults.Failure($"{member.Name} has not said yet which process it is; try again when it is running.");
        try
        {
            using Process process = Process.GetProcessById(id);
            signal(process);
            return CommandResults.Success();
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            return CommandResults.Failure($"{member.Name} could not be {done}: process {id} is gone already.");
        }
    }

    private static async Task<ExecuteCommandResult> LookUpAsync(ExecuteCommandContext context, RingPeer peer)
    {
        RingWatch watch = context.Services.GetRequiredService<RingWatch>();
        string key = $"key {Interlocked.Increment(ref _keys)}";
        if (await watch.LookUpAsync(peer, key, context.CancellationToken).ConfigureAwait(false) is not { } found)
            return CommandResults.Failure($"{peer.Name} did not answer the lookup of '{key}'.");
        string owner = context.Services.GetRequiredService<RingRoster>().NameOf(found.Owner.Address);
        string message = $"'{key}' is owned by {owner}; hops: {found.Hops}.";
        return CommandResults.Success(message, Describe(context, key, found), CommandResultFormat.Markdown);
    }

    /// <summary>The way to the owner, for people.</summary>
    private static string Describe(ExecuteCommandContext context, string key, LookupPage found)
    {
        RingRoster roster = context.Services.GetRequiredService<RingRoster>();
        string[] hops = [.. found.Path.Select((hop, i) =>
            string.Create(CultureInfo.InvariantCulture, $"| {i + 1} | {roster.NameOf(hop.Address)} | `{hop.Id}` | {(hop.Answered ? $"{hop.Milliseconds:F1} ms" : "no answer")} |"))];
        return $"""
            **{key}** lies at `{found.Id}`. Its owner is **{roster.NameOf(found.Owner.Address)}**, `{found.Owner.Id}`.

            {(hops.Length == 0 ? "It is the peer that was asked: no other had to be." : $"| Hop | Asked | Identifier | Answered after |\n|---|---|---|---|\n{string.Join('\n', hops)}")}
            """;
    }

    private static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Windows has no SIGTERM; use Stop.");
        if (kill(process.Id, SigTerm) != 0)
            throw new InvalidOperationException($"kill failed with error {Marshal.GetLastPInvokeError()}.");
    }

    // .NET can kill a process, but not ask it to end.
    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
