using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>
/// Promises that a build can be told to break (<c>-p:Fault=SkipOneReplica</c>), to see that the tests notice. What is used is built without: a peer has
/// no switch for this.
/// </summary>
internal static class Faults
{
#if FAULT_AcknowledgeBeforeFlush
    public static bool AcknowledgesBeforeFlush => true;
#else
    public static bool AcknowledgesBeforeFlush => false;
#endif

#if FAULT_SkipOneReplica
    public static bool SkipsOneReplica => true;
#else
    public static bool SkipsOneReplica => false;
#endif

    /// <summary>All say at once that they have written, and write some time later.</summary>
    public static (Func<ObjectVersion, Task<ObjectVersion>> Own, ReplicaWrite[] Replicas) Later(
        Func<ObjectVersion, Task<ObjectVersion>> own, ReplicaWrite[] replicas, TimeProvider time)
    {
        return (
            version =>
            {
                _ = LaterAsync(() => own(version));
                return Task.FromResult(version);
            },
            [.. replicas.Select(replica => replica with
            {
                Commit = version =>
                {
                    _ = LaterAsync(() => replica.Commit(version));
                    return Task.FromResult(true);
                },
            })]);

        async Task LaterAsync(Func<Task> write)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            await write();
        }
    }
}
