using ChordAspire.Protocol;
using ChordAspire.Rpc;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Ring;

/// <summary>Objects in a ring started through the AppHost, whose peers die, leave and come back: what docs/promises.md says, on real processes and disks.</summary>
[Collection(RingOfEight.Name)]
public sealed class StorageRingTests(RingFixture fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Turmoil = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RingUnderTest Ring => fixture.Ring;

    public async ValueTask InitializeAsync() => await Ring.RestoreAsync(Cancellation, RingUnderTest.Spare);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Whatever_was_acknowledged_while_peers_died_left_and_came_back_is_read_from_every_peer()
    {
        string[] keys = [.. Enumerable.Range(0, 40).Select(i => $"turmoil {i}")];
        var clients = new RecordedClients(Ring, keys, seed: 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task[] running = clients.Run(each: 4, stop.Token);
        var chance = new Random(7);
        int kills = 0, leaves = 0, disksLost = 0;
        long started = RingUnderTest.Time.GetTimestamp();
        for (int turn = 0; RingUnderTest.Time.GetElapsedTime(started) < Turmoil; turn++)
        {
            int number = chance.Next(Ring.Names.Count);
            string[] struck = [Ring.Names[number]];
            switch (turn % 4)
            {
                case 0:
                    // An owner and its first replica at the same moment, with their disks: the third copy is all there is.
                    struck = [struck[0], Ring.Names[(number + 1) % Ring.Names.Count]];
                    await Ring.KillAsync(struck, Cancellation);
                    disksLost += struck.Length;
                    break;
                case 2:
                    await Ring.CommandAsync(struck[0], "leave", Cancellation);
                    leaves++;
                    break;
                default:
                    await Ring.KillAsync(struck, Cancellation);
                    break;
            }
            kills += turn % 4 == 2 ? 0 : struck.Length;
            foreach (string peer in struck)
            {
                await Ring.WaitUntilStoppedAsync(peer, Cancellation);
                if (turn % 4 == 0)
                    Ring.EraseDiskOf(peer);
            }
            await Ring.WaitUntilReplicatedAsync([.. Ring.Names.Except(struck)], Cancellation);
            await Ring.StartPeersAsync(struck, Cancellation);
            await Ring.WaitUntilReplicatedAsync(Ring.Names, Cancellation);
        }
        await stop.CancelAsync();
        await Task.WhenAll(running);
        await clients.ReadAllAsync(Ring.Names, Cancellation);

        IReadOnlyList<string> anomalies = clients.Anomalies();
        output.WriteLine($"{kills} kills, {disksLost} of them with the disk, {leaves} leaves; {clients.Acknowledged} writes acknowledged, {clients.Reads} reads");
        Assert.True(anomalies.Count == 0, $"{anomalies.Count} of {clients.Reads} reads:\n{string.Join('\n', anomalies.Take(10))}");
        Assert.True(clients.Acknowledged > 100, $"Only {clients.Acknowledged} writes were acknowledged.");
        Assert.True(kills > 2 && leaves > 0, $"Only {kills} kills and {leaves} leaves in {Turmoil}.");
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_when_all_peers_were_killed_at_once()
    {
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => $"outage {i}")];
        await Task.WhenAll(keys.Select((key, i) => Ring.ClientOf(Ring.Names[i % Ring.Names.Count]).PutAsync(key, TestContent.Of((ulong)i, 100), Cancellation)));
        await Ring.KillAsync(Ring.Names, Cancellation);
        await Ring.StartPeersAsync(Ring.Names, Cancellation);
        await Ring.WaitUntilReplicatedAsync(Ring.Names, Cancellation);
        foreach (string peer in Ring.Names)
        {
            ulong?[] read = await Task.WhenAll(keys.Select(async key => await Ring.ClientOf(peer).GetAsync(key, Cancellation) is { } content ? TestContent.ValueOf(content.Span) : null));
            Assert.Equal([.. Enumerable.Range(0, keys.Length).Select(i => (ulong?)i)], read);
        }
    }

    [Fact]
    public async Task After_a_kill_every_object_has_three_copies_again()
    {
        string[] keys = [.. Enumerable.Range(0, 1000).Select(i => $"repair {i}")];
        foreach (string[] some in keys.Chunk(50))
            await Task.WhenAll(some.Select(key => Ring.ClientOf("peer-0").PutAsync(key, TestContent.Of(1, 128), Cancellation)));
        string[] others = [.. Ring.Names.Where(name => name != "peer-3")];
        await Ring.KillAsync(["peer-3"], Cancellation);
        await Ring.WaitUntilStoppedAsync("peer-3", Cancellation);
        long started = RingUnderTest.Time.GetTimestamp();
        await Ring.WaitUntilReplicatedAsync(others, Cancellation);
        output.WriteLine($"all copies made again {RingUnderTest.Time.GetElapsedTime(started).TotalMilliseconds:F0} ms after the peer had ended");
        RingSnapshot ring = await Ring.ReadAsync(others, Cancellation);
        Dictionary<PeerRef, string> names = others.ToDictionary(name => ring.Members.Single(peer => peer.Self.Address == Ring.AddressOf(name)).Self);
        // Also what other tests have left. A deletion leaves no key to list, and counts among what is owned, not among what is held: so each key is asked for.
        List<string> stored = await ListAsync("peer-0");
        Assert.Superset(keys.ToHashSet(), stored.ToHashSet());
        foreach (string[] some in stored.Chunk(50))
            await Task.WhenAll(some.Select(key => AssertThreeCopiesAsync(ring, names, key)));
    }

    /// <summary>The owner holds a version, and its next two successors hold the same.</summary>
    private async Task AssertThreeCopiesAsync(RingSnapshot ring, Dictionary<PeerRef, string> names, string key)
    {
        Identifier id = ObjectPlace.IdOf(key, Identifier.MaxBits);
        int owner = ring.Members.Select(peer => peer.Self).ToList().IndexOf(ring.OwnerOf(id));
        Assert.True(ring.IsIdeal && owner >= 0, ring.Draw());
        PeerRef[] holders = [.. Enumerable.Range(owner, 3).Select(place => ring.Members[place % ring.Members.Length].Self)];
        Wire.Version?[] held = await Task.WhenAll(holders.Select(holder => VersionAtAsync(holder, names[holder], id)));
        Assert.True(held[0] is not null && held.All(version => held[0]!.Equals(version)), $"'{key}' is not at all of {string.Join(", ", holders.Zip(held))}.\n{ring.Draw()}");
    }

    private async Task<Wire.Version?> VersionAtAsync(PeerRef peer, string name, Identifier id)
    {
        var client = new Wire.CopyService.CopyServiceClient(Ring.InvokerOf(name));
        var request = new Wire.AskVersionRequest { To = WireMapping.ToWire(peer.Id), ObjectId = WireMapping.ToWire(id) };
        return (await client.AskVersionAsync(request, deadline: (RingUnderTest.Time.GetUtcNow() + RingUnderTest.Patience).UtcDateTime, cancellationToken: Cancellation)).Version;
    }

    private async Task<List<string>> ListAsync(string name)
    {
        var keys = new List<string>();
        await foreach (ListedObject listed in Ring.ClientOf(name).ListAsync("", Cancellation))
            keys.Add(listed.Key);
        return keys;
    }
}
