using ChordAspire.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var ring = RingOptions.Read(builder.Configuration, builder.AppHostDirectory);

// Who exists: identical peers, each a process of its own, spread evenly over the identifier circle.
PeerBuilder first = builder.AddPeer("peer-0", ring.Place(0));
RingMember starter = ring.SeedStartsRing ? builder.AddGuest(ring.Guests[0], ring.IdBits, joinsVia: null) : first.Peer;
first.JoinsVia(starter);
for (int i = 1; i < ring.Peers; i++)
    builder.AddPeer($"peer-{i}", ring.Place(i)).JoinsVia(starter);

// Who is a guest: seed peers, and programs of others.
foreach (GuestPlace guest in ring.Guests.Skip(ring.SeedStartsRing ? 1 : 0))
    builder.AddGuest(guest, ring.IdBits, joinsVia: first.Peer);

// Who may come later: press Start.
for (int i = ring.Peers; i < ring.Peers + ring.SparePeers; i++)
    builder.AddPeer($"peer-{i}", ring.Place(i)).JoinsVia(starter).StartsLater();

// Who looks on.
if (ring.HasPage)
    builder.AddRingPage(first.Peer, ring.PagePort);

builder.WatchRing();
builder.Build().Run();
