using System.Collections.Concurrent;
using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>What seed peers get wrong goes to the log here, each fault of each peer once.</summary>
internal sealed class SeedReports(ILogger<SeedReports> logger)
{
    private const int MaxReports = 1024;

    private readonly ConcurrentDictionary<(string Address, SeedFault Fault), bool> _told = new();

    public void Report(PeerRef seed, SeedFault fault, PeerRef? about)
    {
        if (_told.Count >= MaxReports || !_told.TryAdd((seed.Address, fault), true))
            return;
        string what = fault switch
        {
            SeedFault.SilentSuccessor => $"names {about} as its successor, which does not answer; the ring goes on round that one",
            SeedFault.WrongSuccessor => $"names {about?.ToString() ?? "itself"} as its successor, though others stand between; they are told to it",
            SeedFault.Malformed => "names a peer whose identifier is out of this ring's range, or whose address is not host:port; that counts as no answer",
            _ => "takes longer to answer than peers wait for each other",
        };
        Log.SeedFault(logger, seed, what);
    }
}
