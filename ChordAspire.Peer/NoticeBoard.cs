using ChordAspire.Protocol;

namespace ChordAspire.Peer;

/// <summary>What the protocol reports goes to logs and metrics here.</summary>
internal sealed class NoticeBoard(PeerOptions options, PeerTelemetry telemetry, ILogger<NoticeBoard> logger)
{
    public void Post(ChordNotice notice)
    {
        switch (notice)
        {
            case ChordNotice.RoundDone:
                telemetry.Rounds.Add(1);
                break;
            case ChordNotice.RoundTakenBack:
                telemetry.RoundsTakenBack.Add(1);
                break;
            case ChordNotice.BecameMember { Predecessor: { } predecessor }:
                Log.Joined(logger, options.Self, predecessor);
                break;
            case ChordNotice.BecameMember:
                Log.StartedRing(logger, options.Self);
                break;
            case ChordNotice.RingBecameReady:
                Log.RingReady(logger, options.Ring.SuccessorListLength);
                break;
            case ChordNotice.SuccessorChanged(var before, var now):
                telemetry.SuccessorChanges.Add(1);
                Log.SuccessorChanged(logger, now, before);
                break;
            case ChordNotice.PredecessorChanged(var before, var now):
                Log.PredecessorChanged(logger, now, before);
                break;
            case ChordNotice.PeerDropped(PeerRef peer):
                telemetry.Dropped.Add(1);
                Log.PeerDropped(logger, peer);
                break;
            case ChordNotice.MonitorTripped(string monitor, string detail):
                telemetry.MonitorsTripped.Add(1);
                Log.MonitorTripped(logger, monitor, detail);
                break;
            default:
                // LeftRing is logged by whoever leaves, with how long it took.
                break;
        }
    }
}
