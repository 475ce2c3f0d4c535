namespace ChordAspire.Tests.Interop;

/// <summary>
/// Six of ours and three seed peers on the seed's circle: one seed peer alone between two of ours, two side by side. One ring for all tests; each leaves it as
/// it was.
/// </summary>
public sealed class MixedRingFixture : IAsyncLifetime
{
    public static IReadOnlyDictionary<string, int> Places { get; } = new Dictionary<string, int>
    {
        ["peer-0"] = 0,
        ["peer-1"] = 9,
        ["peer-2"] = 17,
        ["peer-3"] = 40,
        ["peer-4"] = 48,
        ["peer-5"] = 57,
        ["seed-0"] = 4,
        ["seed-1"] = 22,
        ["seed-2"] = 31,
    };

    private MixedRing? _ring;

    internal MixedRing Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

    public async ValueTask InitializeAsync() => _ring = await MixedRing.StartAsync(Places, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_ring is not null)
            await _ring.DisposeAsync();
    }
}

public sealed class MixedRingTests(MixedRingFixture fixture) : IClassFixture<MixedRingFixture>
{
    /// <summary>The seed peer between two of ours.</summary>
    private const string Single = "seed-0";

    /// <summary>The first of the two side by side.</summary>
    private const string First = "seed-1";

    /// <summary>The second of the two side by side.</summary>
    private const string Second = "seed-2";

    private MixedRing Ring => fixture.Ring;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stored_from_either_side_is_found_from_either_side()
    {
        Dictionary<string, string> fromOurs = Values("ours", 200), fromSeeds = Values("seeds", 200);
        string[] ours = [.. Ring.Ours], seeds = [.. Ring.SeedPeers];
        KeyValuePair<string, string>[] atOurs = [.. fromOurs], atSeeds = [.. fromSeeds];
        for (int i = 0; i < 200; i++)
        {
            (string key, string value) = atOurs[i];
            // In one step or in two: whoever of ours is asked to store passes it on.
            await (i % 2 == 0 ? Ring.StoreAsync(ours[i % 6], key, value, Cancellation) : Ring.StoreInTwoStepsAsync(ours[i % 6], key, value, Cancellation));
            (key, value) = atSeeds[i];
            // By the word of the seed peer before it, the place of the second one is that one's own, and asked there it sends everybody on.
            if (MixedRing.PlaceOf(key) == Ring.PlaceOfPeer(Second))
                fromSeeds.Remove(key);
            else
                await Ring.StoreInTwoStepsAsync(seeds[i % 3], key, value, Cancellation);
        }
        Assert.InRange(fromSeeds.Count, 180, 200);
        await Ring.AssertFoundAsync([ours[3], seeds[0], Second], fromOurs, Cancellation);
        await Ring.AssertFoundAsync([ours[0], ours[2], seeds[1]], fromSeeds, Cancellation);
    }

    [Fact]
    public async Task A_killed_seed_peer_costs_nothing_that_went_through_ours()
    {
        Dictionary<string, string> values = await StoreAsync("before the kill");
        await Ring.KillAsync(Single, Cancellation);
        await Ring.WaitUntilOrderedAsync(Ring.Names.Except([Single]), Cancellation);
        await Ring.AssertFoundAsync(Ring.Ours, values, Cancellation);

        await Ring.RestoreAsync(Cancellation, Single);
        // It has come back with nothing, and is given what lies on its arc.
        await Ring.WaitUntilAsync("the seed peer has what lies on its arc again", () => HasAllAsync(Single, values), Cancellation);
    }

    [Fact]
    public async Task One_of_ours_killed_behind_seed_peers_is_gone_round_by_all()
    {
        Dictionary<string, string> values = await StoreAsync("behind seed peers");
        // Its death ends the housekeeping of the seed peer before it, which from then on knows what ours tell it.
        await Ring.KillAsync("peer-3", Cancellation);
        await Ring.WaitUntilOrderedAsync(Ring.Names.Except(["peer-3"]), Cancellation);
        await Ring.AssertFoundAsync(Ring.Ours.Except(["peer-3"]), values, Cancellation);

        await Ring.RestoreAsync(Cancellation, "peer-3");
        await Ring.AssertFoundAsync([.. Ring.Ours, Second], values, Cancellation);
    }

    [Fact]
    public async Task One_of_ours_killed_before_seed_peers_is_gone_round_by_all()
    {
        await Ring.KillAsync("peer-2", Cancellation);
        await Ring.WaitUntilOrderedAsync(Ring.Names.Except(["peer-2"]), Cancellation);
        await Ring.RestoreAsync(Cancellation, "peer-2");
    }

    [Fact]
    public async Task Seed_peers_side_by_side_leave_and_come_back()
    {
        Dictionary<string, string> values = await StoreAsync("side by side");
        foreach (string name in Ring.SeedPeers.Except([Single]))
        {
            await Ring.LeaveAsync(name, Cancellation);
            await Ring.WaitUntilOrderedAsync(Ring.Names.Except([name]), Cancellation);
            await Ring.AssertFoundAsync(["peer-1", "peer-3"], values, Cancellation);
            await Ring.RestoreAsync(Cancellation, name);
        }
    }

    /// <summary>Stored while there is one of the two, that one's own place is ours to keep; from then on the second is asked for it, by ours as by seed peers.</summary>
    [Fact]
    public async Task What_was_stored_at_a_seed_peers_place_is_given_to_the_one_that_comes_behind_it()
    {
        await Ring.LeaveAsync(Second, Cancellation);
        await Ring.WaitUntilOrderedAsync(Ring.Names.Except([Second]), Cancellation);
        var values = Values("at a seed peer's place", 300).Where(value => MixedRing.PlaceOf(value.Key) == Ring.PlaceOfPeer(First)).ToDictionary();
        Assert.NotEmpty(values);
        foreach ((string key, string value) in values)
            await Ring.StoreAsync("peer-0", key, value, Cancellation);
        await Ring.RestoreAsync(Cancellation, Second);
        await Ring.WaitUntilAsync("the second seed peer has what lies at the place of the first", () => HasAllAsync(Second, values), Cancellation);
        await Ring.AssertFoundAsync(Ring.Ours, values, Cancellation);
    }

    [Fact]
    public async Task One_of_ours_leaves_from_between_seed_peers()
    {
        Dictionary<string, string> values = await StoreAsync("one leaves");
        await Ring.LeaveAsync("peer-1", Cancellation);
        await Ring.WaitUntilOrderedAsync(Ring.Names.Except(["peer-1"]), Cancellation);
        await Ring.AssertFoundAsync(["peer-0", "peer-2"], values, Cancellation);
        await Ring.RestoreAsync(Cancellation, "peer-1");
    }

    [Fact]
    public async Task A_ring_that_a_seed_peer_began_is_joined_by_ours()
    {
        await using MixedRing begun = await MixedRing.StartAsync(
            new Dictionary<string, int> { ["peer-0"] = 8, ["peer-1"] = 20, ["peer-2"] = 32, ["peer-3"] = 44, ["peer-4"] = 56, ["seed-0"] = 0 },
            Cancellation,
            "--Ring:SeedStartsRing=true");
        Dictionary<string, string> values = Values("begun by a seed peer", 40);
        foreach ((string key, string value) in values)
            await begun.StoreInTwoStepsAsync("seed-0", key, value, Cancellation);
        await begun.AssertFoundAsync(begun.Names, values, Cancellation);
    }

    private static Dictionary<string, string> Values(string name, int count) => Enumerable.Range(0, count).ToDictionary(i => $"{name} {i}", i => $"{name}: value {i}");

    private async Task<Dictionary<string, string>> StoreAsync(string name)
    {
        Dictionary<string, string> values = Values(name, 30);
        string[] ours = [.. Ring.Ours];
        foreach ((string key, string value) in values)
            await Ring.StoreAsync(ours[value.Length % ours.Length], key, value, Cancellation);
        return values;
    }

    private async Task<bool> HasAllAsync(string name, Dictionary<string, string> values)
    {
        try
        {
            await Ring.AssertFoundAsync([name], values, Cancellation);
            return true;
        }
        catch (Exception missing) when (missing is Xunit.Sdk.TrueException or Grpc.Core.RpcException)
        {
            return false;
        }
    }
}
