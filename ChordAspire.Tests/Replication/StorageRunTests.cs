using ChordAspire.Simulation;

namespace ChordAspire.Tests.ReplicationRules;

public sealed class StorageRunTests
{
    private const int Seeds = 400;

    [Fact]
    public void What_is_acknowledged_survives_and_is_read_again()
    {
        StorageReport report = Sweep(1, Seeds);

        Assert.Empty(report.Broken);
        // The runs have to be worth something, too.
        Assert.InRange(report.Acknowledged, 100 * Seeds, long.MaxValue);
        Assert.InRange(report.QuietReads, 50 * Seeds, long.MaxValue);
        Assert.InRange(report.Faults, 5 * Seeds, long.MaxValue);
        Assert.InRange(report.Copied, 10 * Seeds, long.MaxValue);
        Assert.InRange(report.Dropped, Seeds, long.MaxValue);
        Assert.InRange(report.LostTogether, Seeds / 4, long.MaxValue);
        Assert.InRange(report.FailedTogether, Seeds / 20, long.MaxValue);
        Assert.InRange(report.WithFewerCopies, Seeds, long.MaxValue);
        Assert.InRange(report.Cuts, Seeds / 8, long.MaxValue);
        Assert.InRange(report.StayedApart, 0, report.Cuts / 2);
        Assert.InRange(report.Refused, 0, report.Acknowledged / 100);
        Assert.InRange(report.StaleInTurmoil, 0, report.Reads / 1_000);
    }

    [Theory]
    [InlineData(StorageMutation.AcknowledgeBeforeFlush)]
    [InlineData(StorageMutation.SkipOneReplica)]
    [InlineData(StorageMutation.AnswerUnsettled)]
    [InlineData(StorageMutation.ForgetMissedCopy)]
    [InlineData(StorageMutation.ForgetStrays)]
    public void A_fault_put_in_by_hand_is_found(StorageMutation mutation)
    {
        for (int from = 1; from <= 2_001; from += 100)
        {
            if (Sweep(from, 100, mutation).Broken is [var caught, ..])
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"Seed {caught.Seed}: {caught.Anomaly}{caught.Unrepaired}");
                return;
            }
        }
        Assert.Fail($"{mutation} was not found.");
    }

    [Fact]
    public void The_same_seeds_are_the_same_runs_however_many_cores_there_are()
    {
        StorageReport report = Sweep(1, 20);

        Assert.Equal(report with { Broken = [] }, Sweep(1, 20) with { Broken = [] });
        Assert.Equal(report.Hash, Enumerable.Range(1, 20).Aggregate(0ul, (sum, seed) => unchecked(sum + StorageRun.Run(new Seed((ulong)seed)).Hash)));
    }

    private static StorageReport Sweep(ulong from, int count, StorageMutation mutation = StorageMutation.None) =>
        StorageSweep.Run(new Seed(from), count, mutation, progress: null, TestContext.Current.CancellationToken);

    private static StorageReport Sweep(int from, int count, StorageMutation mutation) => Sweep((ulong)from, count, mutation);
}
