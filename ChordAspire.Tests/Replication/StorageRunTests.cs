using System.Collections.Concurrent;
using ChordAspire.Simulation;

namespace ChordAspire.Tests.ReplicationRules;

public sealed class StorageRunTests
{
    private const int Seeds = 400;

    [Fact]
    public void What_is_acknowledged_survives_and_is_read_again()
    {
        StorageOutcome[] outcomes = Run(1, Seeds, StorageMutation.None);

        Assert.DoesNotContain(outcomes, outcome => !outcome.Held);
        // The runs have to be worth something, too.
        Assert.True(outcomes.Sum(outcome => outcome.Acknowledged) > 100 * Seeds);
        Assert.True(outcomes.Sum(outcome => outcome.QuietReads) > 50 * Seeds);
        Assert.True(outcomes.Sum(outcome => outcome.Faults) > 5 * Seeds);
        Assert.True(outcomes.Sum(outcome => outcome.Copied) > 10 * Seeds);
        Assert.True(outcomes.Sum(outcome => outcome.Dropped) > Seeds);
        Assert.InRange(outcomes.Sum(outcome => outcome.Refused), 0, outcomes.Sum(outcome => outcome.Acknowledged) / 1_000);
    }

    [Theory]
    [InlineData(StorageMutation.AcknowledgeBeforeFlush)]
    [InlineData(StorageMutation.SkipOneReplica)]
    [InlineData(StorageMutation.AnswerUnsettled)]
    [InlineData(StorageMutation.ForgetStrays)]
    public void A_fault_put_in_by_hand_is_found(StorageMutation mutation)
    {
        for (int from = 1; from <= 2_001; from += 100)
        {
            if (Run(from, 100, mutation).FirstOrDefault(outcome => !outcome.Held) is { } caught)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"Seed {caught.Seed}: {caught.Anomaly}{caught.Unrepaired}");
                return;
            }
        }
        Assert.Fail($"{mutation} was not found.");
    }

    [Fact]
    public void The_same_seed_is_the_same_run() =>
        Assert.All(Run(1, 20, StorageMutation.None).Zip(Run(1, 20, StorageMutation.None)), pair => Assert.Equal(pair.First, pair.Second));

    private static StorageOutcome[] Run(int from, int count, StorageMutation mutation)
    {
        var outcomes = new ConcurrentBag<StorageOutcome>();
        Parallel.For(from, from + count, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, seed => outcomes.Add(StorageRun.Run(new Seed((ulong)seed), mutation)));
        return [.. outcomes.OrderBy(outcome => outcome.Seed.Number)];
    }
}
