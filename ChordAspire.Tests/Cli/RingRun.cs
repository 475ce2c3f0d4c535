using System.Text.RegularExpressions;
using ChordAspire.Protocol;
using ChordAspire.Tests.Rpc;

namespace ChordAspire.Tests.Cli;

/// <summary>Command lines against a scripted ring.</summary>
internal static class RingRun
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Through the first peer.</summary>
    public static Task<CommandRun> RunAsync(this ScriptedRing ring, params string[] args) =>
        Task.Run(() => CommandRun.Of([.. args, "--peer", ring.Peers[0].Address], Stream.Null, Stream.Null, Cancellation), Cancellation);

    /// <summary>With ports that are the same in each run: <c>127.0.0.1:p0050</c> is the peer at place 50.</summary>
    public static string Settled(this ScriptedRing ring, string text)
    {
        foreach (PeerRef peer in ring.Peers.Select(peer => peer.Self).Concat(ring.Others))
            text = text.Replace(peer.Address, $"127.0.0.1:p{peer.Id.ToUInt64():0000}", StringComparison.Ordinal);
        return Regex.Replace(text.ReplaceLineEndings("\n"), " +\n", "\n");
    }
}
