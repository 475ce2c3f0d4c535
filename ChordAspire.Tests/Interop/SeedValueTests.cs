using ChordAspire.Rpc.Seed;
using ChordAspire.Tests.Peer;

namespace ChordAspire.Tests.Interop;

/// <summary>Writes and reads of one key that meet at a seed peer at 30, in a ring of four of ours at 5, 20, 40 and 57; the one at 40 owns its arc among ours.</summary>
public sealed class SeedValueTests : IAsyncLifetime
{
    private const int Place = 30;

    private static readonly TimeSpan CuePatience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SmallRing? _ring;

    private SmallRing Ring => _ring ?? throw new InvalidOperationException("The ring has not been started.");

    private PeerProcess Behind => Ring[2];

    private ChordService.ChordServiceClient Owner => new(Behind.Invoker);

    /// <summary>Ours wait longer for the seed peer than a test for its cues.</summary>
    public async ValueTask InitializeAsync() => _ring = await NarrowRing.StartAsync(Cancellation, ("Chord__CallTimeoutMax", "00:01:00"));

    public ValueTask DisposeAsync() => _ring?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_read_that_asked_before_a_write_does_not_undo_the_write()
    {
        string key = KeyOfTheSeedPeer("read and written");
        await using (SeedPeerOnCue seed = await StartSeedPeerAsync())
        {
            seed.Values[key] = "old";
            var asked = new Cue();
            var told = new Cue();
            seed.BeforeTelling = async about =>
            {
                if (about == key)
                {
                    asked.Give();
                    await told.WaitAsync();
                }
            };
            Task<string> reading = FoundAsync(key);
            await asked.WaitAsync();
            await StoreAsync(key, "new");
            told.Give();
            await reading;
            Assert.Equal("new", seed.Values[key]);
        }

        // What the seed peer had is gone with it: now it shows what ours have.
        await Ring.WaitUntilIdealAsync(Cancellation);
        Assert.Equal("new", await FoundAsync(key));
    }

    [Fact]
    public async Task Of_two_writes_that_are_passed_on_at_once_the_newer_one_stays()
    {
        string key = KeyOfTheSeedPeer("written twice");
        await using (SeedPeerOnCue seed = await StartSeedPeerAsync())
        {
            var firstCame = new Cue();
            var secondStored = new Cue();
            seed.BeforeStoring = async (_, value) =>
            {
                if (value == "first")
                {
                    firstCame.Give();
                    await secondStored.WaitAsync();
                }
            };
            Task first = StoreAsync(key, "first");
            await firstCame.WaitAsync();
            await StoreAsync(key, "second");
            secondStored.Give();
            await first;
            Assert.Equal("second", seed.Values[key]);
            Assert.Equal("second", await FoundAsync(key));
        }
    }

    /// <summary>It makes itself known to the peer behind it, and is waited for until that one passes on to it what is written.</summary>
    private async Task<SeedPeerOnCue> StartSeedPeerAsync()
    {
        var seed = new SeedPeerOnCue(Place, NodeAt(NarrowRing.Places[1]), place => NodeAt(NarrowRing.OwnerOf(place)));
        await seed.StartAsync(Cancellation);
        string known = KeyOfTheSeedPeer("known");
        await Patience.UntilAsync($"peer {Behind.Address} passes on to the seed peer at {Place}", async () =>
        {
            await Owner.NotifyAsync(seed.Self, cancellationToken: Cancellation);
            await StoreAsync(known, "yes");
            return seed.Values.GetValueOrDefault(known) == "yes";
        }, () => Behind.Output, Cancellation);
        return seed;

        NodeInfo NodeAt(int place) => new() { Id = place, Address = Ring[NarrowRing.Places.ToList().IndexOf(place)].Address };
    }

    /// <summary>A key on its arc, though not at its very place, which such a peer expects elsewhere.</summary>
    private static string KeyOfTheSeedPeer(string what) =>
        Enumerable.Range(0, 1000).Select(i => $"{what} {i}").First(key => MixedRing.PlaceOf(key) is > 20 and < Place);

    private async Task StoreAsync(string key, string value) => await Owner.StoreResourceAsync(new StoreRequest { Key = key, Value = value }, cancellationToken: Cancellation);

    private async Task<string> FoundAsync(string key) => (await Owner.LookupResourceAsync(new LookupRequest { Key = key }, cancellationToken: Cancellation)).Value;

    /// <summary>A moment that is waited for, not for ever.</summary>
    private sealed class Cue
    {
        private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Give() => _given.TrySetResult();

        public Task WaitAsync() => _given.Task.WaitAsync(CuePatience, TimeProvider.System, Cancellation);
    }
}
