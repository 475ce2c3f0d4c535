using System.Net;

namespace Aspire.Hosting.Dcp;

/// <summary>Creating, stopping and deleting executables.</summary>
internal sealed class DcpExecutables(DcpApi api, DcpFolders folders, TimeProvider time)
{
    private const string Stop = """{"spec":{"stop":true}}""";

    // A process that ignores SIGTERM is killed after six seconds; the rest is for a machine under load.
    private static readonly TimeSpan DeletionLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollDeletion = TimeSpan.FromMilliseconds(25);

    internal async Task CreateAsync(DcpExecutable executable, CancellationToken cancellationToken)
    {
        string name = executable.Metadata.Name;
        DcpExecutable wire = DcpWire.Outgoing(executable);
        long since = time.GetTimestamp();
        for (TimeSpan pause = PollDeletion; ; pause = DcpRetry.Longer(pause))
        {
            HttpContent content = DcpApi.Json(wire, DcpJson.Default.DcpExecutable);
            DcpReply reply = await api.CallAsync(HttpMethod.Post, DcpPaths.Executables, content, cancellationToken);
            if (reply.IsSuccess)
                return;

            // A conflict passes when the one of that name is on its way out, and only then.
            bool mayPass = reply.Status == HttpStatusCode.Conflict && time.GetElapsedTime(since) < DcpRetry.Limit;
            if (!mayPass || !await IsLeavingAsync(name, cancellationToken))
                throw reply.Refusal($"create '{name}'");
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    internal async Task StopAsync(string name, CancellationToken cancellationToken)
    {
        DcpReply reply = await RepeatAsync(HttpMethod.Patch, DcpPaths.Executable(name), Stop, cancellationToken);
        if (!reply.IsSuccess && reply.Status != HttpStatusCode.NotFound)
            throw reply.Refusal($"stop '{name}'");
    }

    internal async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string? uid = (await FindAsync(name, cancellationToken))?.Metadata.Uid;
        if (uid is null)
            return;

        DcpReply reply = await RepeatAsync(HttpMethod.Delete, DcpPaths.Executable(name), null, cancellationToken);
        if (!reply.IsSuccess && reply.Status != HttpStatusCode.NotFound)
            throw reply.Refusal($"delete '{name}'");

        long since = time.GetTimestamp();
        for (TimeSpan pause = PollDeletion; ; pause = DcpRetry.Longer(pause))
        {
            if (await FindAsync(name, cancellationToken) is not { } still || still.Metadata.Uid != uid)
                return;
            if (time.GetElapsedTime(since) > DeletionLimit)
                throw NotDeleted(name, still);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    internal async Task<IReadOnlyList<DcpExecutable>> ListAsync(CancellationToken cancellationToken)
    {
        DcpReply reply = await RepeatAsync(HttpMethod.Get, DcpPaths.Executables, null, cancellationToken);
        return reply.IsSuccess ? reply.Read(DcpJson.Default.DcpExecutableList).Items ?? [] : throw reply.Refusal("list the executables");
    }

    private async Task<DcpExecutable?> FindAsync(string name, CancellationToken cancellationToken)
    {
        DcpReply reply = await RepeatAsync(HttpMethod.Get, DcpPaths.Executable(name), null, cancellationToken);
        if (reply.Status == HttpStatusCode.NotFound)
            return null;
        return reply.IsSuccess ? reply.Read(DcpJson.Default.DcpExecutable) : throw reply.Refusal($"describe '{name}'");
    }

    private async Task<bool> IsLeavingAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) is null or { Metadata.DeletionTimestamp: not null };

    private static DcpException NotDeleted(string name, DcpExecutable still) =>
        new($"Aspire's orchestrator has not deleted '{name}' after {DeletionLimit.TotalSeconds:0} s; its state is {still.Status?.State}.");

    private Task<DcpReply> RepeatAsync(HttpMethod method, string path, string? patch, CancellationToken cancellationToken) =>
        DcpRetry.RepeatAsync(
            // Content can be sent once, so each attempt has its own.
            () => api.CallAsync(method, path, patch is null ? null : DcpApi.MergePatch(patch), cancellationToken),
            () => folders.DcpHasEnded || api.IsRefused,
            time,
            cancellationToken);
}
