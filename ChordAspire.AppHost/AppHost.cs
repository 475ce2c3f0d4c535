using ChordAspire.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var ring = RingOptions.Read(builder.Configuration, builder.AppHostDirectory);

// Who exists: identical peers, each a process of its own, spread evenly over the identifier circle.
var first = builder.AddPeer("peer-0", ring.Place(0)).StartsTheRing();
for (int i = 1; i < ring.Peers; i++)
    builder.AddPeer($"peer-{i}", ring.Place(i)).JoinsVia(first);

// Who may come later: press Start.
for (int i = ring.Peers; i < ring.Peers + ring.SparePeers; i++)
    builder.AddPeer($"peer-{i}", ring.Place(i)).JoinsVia(first).StartsLater();

builder.WatchRing();
builder.Build().Run();
