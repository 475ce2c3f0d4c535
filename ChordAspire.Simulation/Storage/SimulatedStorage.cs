using System.Collections.Immutable;
using System.Diagnostics;
using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>Objects in a simulated ring: a thin driver around <see cref="Replication.Handle"/>, as the production host is one, on simulated disks.</summary>
/// <remarks>Given to the ring as its storage, and told of what the ring does as an observer: see <see cref="Attach"/>.</remarks>
public sealed partial class SimulatedStorage(StorageOptions options) : IStorageModel
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<int, SimulatedDisk> _disks = [];
    private readonly Dictionary<int, StorageHost> _hosts = [];
    private SimulatedRing _ring = null!;
    private Chance _chance = null!;

    public StorageOptions Options => options;

    /// <summary>Objects copied from peer to peer by replication.</summary>
    public long Copied { get; private set; }

    /// <summary>Objects forgotten by peers that had no business with them.</summary>
    public long Dropped { get; private set; }

    /// <summary>Begins to follow a ring that was made with this storage. Its observer stays, behind this one.</summary>
    public void Attach(SimulatedRing ring)
    {
        _ring = ring;
        _chance = ring.Options.Seed.For(ChanceUse.Storage);
        ring.Observer = new RingFollower(this, ring.Observer);
        foreach (SimulatedPeer peer in ring.Peers.Where(peer => peer.IsAlive))
            Begin(peer);
    }

    /// <summary>What a living peer knows of objects.</summary>
    public ReplicationState StateOf(SimulatedPeer peer) => _hosts[peer.Host].State;

    /// <summary>Bits flip in some object on this peer's disk, and its scrub finds out: it is set aside.</summary>
    public void Damage(SimulatedPeer peer)
    {
        if (!peer.IsAlive || DiskOf(peer).Some(_chance) is not { } entry)
            return;
        DiskOf(peer).Drop(entry);
        Tell(_hosts[peer.Host], new ReplicationEvent.Damaged(entry.Id));
    }

    public void HandOver(SimulatedPeer from, PeerRef to)
    {
        // Replication hears of the ring's changes itself.
    }

    public TimeSpan HandOverEverything(SimulatedPeer from)
    {
        StorageHost host = _hosts[from.Host];
        host.LeavingSince = _ring.Now;
        Tell(host, new ReplicationEvent.LeaveRequested());
        return MoreToHandOver(from);
    }

    public TimeSpan MoreToHandOver(SimulatedPeer from)
    {
        StorageHost host = _hosts[from.Host];
        return host.LeaveReady || _ring.Now - host.LeavingSince > options.LeaveTimeout ? TimeSpan.Zero : Soon;
    }

    public void Died(SimulatedPeer peer, bool diskSurvives)
    {
        if (!diskSurvives)
            DiskOf(peer).Erase();
    }

    internal void LivenessChanged(SimulatedPeer peer)
    {
        if (peer.IsAlive)
            Begin(peer);
        else
            _hosts.Remove(peer.Host);
    }

    internal void RingChanged(SimulatedPeer peer)
    {
        if (_hosts.TryGetValue(peer.Host, out StorageHost? host) && host.IsAlive)
            Tell(host, new ReplicationEvent.RingChanged(peer.State));
    }

    private void Begin(SimulatedPeer peer)
    {
        TimeSpan error = _ring.Options.Seed.For(ChanceUse.Storage, peer.Host + 1).Uniform(-options.ClockError, options.ClockError);
        var host = new StorageHost(peer, DiskOf(peer), ReplicationState.Create(peer.Self, _ring.Parameters.Bits, options.Copies, DiskOf(peer).Read()), error);
        _hosts[peer.Host] = host;
        RingChanged(peer);
        ScheduleRound(host);
    }

    private SimulatedDisk DiskOf(SimulatedPeer peer)
    {
        if (!_disks.TryGetValue(peer.Host, out SimulatedDisk? disk))
            _disks[peer.Host] = disk = new SimulatedDisk();
        return disk;
    }

    private void ScheduleRound(StorageHost host) => _ring.After(options.Round.Draw(_chance), () =>
    {
        if (!host.IsAlive)
            return;
        if (!host.Peer.IsPaused)
            Tell(host, new ReplicationEvent.RoundDue());
        if (options.Mutation == StorageMutation.ForgetStrays)
            ForgetStrays(host);
        ScheduleRound(host);
    });

    private void Tell(StorageHost host, ReplicationEvent input)
    {
        if (!host.IsAlive)
            return;
        (host.State, IReadOnlyList<ReplicationEffect> effects) = Replication.Handle(host.State, input);
        foreach (ReplicationEffect effect in effects)
            Carry(host, effect);
    }

    private void Carry(StorageHost host, ReplicationEffect effect)
    {
        switch (effect)
        {
            case ReplicationEffect.AskArcs(PeerRef peer, int number, var claim, var questions):
                Ask<ReplicationEvent>(
                    host,
                    peer,
                    (asked, reply) => reply(AnswerArcs(asked, host.Peer.Self, number, claim, questions)),
                    told => Tell(host, told ?? new ReplicationEvent.ArcsNotTold(peer, number)));
                break;
            case ReplicationEffect.Fetch(PeerRef peer, int number, ObjectEntry entry):
                Ask<ObjectEntry?>(
                    host,
                    peer,
                    (asked, reply) => reply(asked.State.Index.TryGet(entry.Id, out ObjectEntry held) ? held : null),
                    got => Keep(host, got, peer, done => Tell(host, new ReplicationEvent.TransferEnded(peer, number, done))));
                break;
            case ReplicationEffect.Push(PeerRef peer, int number, ObjectEntry entry):
                ObjectEntry? current = host.State.Index.TryGet(entry.Id, out ObjectEntry now) ? now : null;
                Ask<object>(
                    host,
                    peer,
                    (asked, reply) => Keep(asked, current, host.Peer.Self, done => reply(done ? this : null)),
                    done => Tell(host, new ReplicationEvent.TransferEnded(peer, number, done is not null)));
                break;
            case ReplicationEffect.Drop(ObjectEntry entry):
                Drop(host, entry);
                break;
            case ReplicationEffect.FindOwner(Identifier objectId):
                _ring.LookUp(host.Peer, ObjectPlace.Of(objectId, _ring.Parameters.Bits), run => Tell(host, new ReplicationEvent.OwnerFound(run.Outcome!.Owner)));
                break;
            case ReplicationEffect.Offer(PeerRef peer):
                Ask<object>(host, peer, (asked, _) => Tell(asked, new ReplicationEvent.Offered(host.Peer.Self)), _ => { });
                break;
            case ReplicationEffect.LeaveReady:
                host.LeaveReady = true;
                break;
            default:
                throw new UnreachableException($"No way to carry out {effect}.");
        }
    }

    private ReplicationEvent.ArcsTold AnswerArcs(StorageHost asked, PeerRef asker, int number, Arc? claim, ImmutableArray<ArcQuestion> questions)
    {
        // The claim first: what is committed after it is not acknowledged here any more, and what was before it is in the answer.
        if (claim is { } arc)
            Tell(asked, new ReplicationEvent.Claimed(asker, arc));
        return new ReplicationEvent.ArcsTold(
            asked.Peer.Self, number, [.. questions.Select(question => ArcComparison.Answer(asked.State.Index, question))], asked.State.Own, asked.State.ReplicatedWithout(asker));
    }

    /// <summary>Copies an object that has arrived to the disk; true when it, or a later version, stands there.</summary>
    private void Keep(StorageHost host, ObjectEntry? entry, PeerRef writer, Action<bool> done)
    {
        if (entry is not { } arrived)
        {
            done(false);
            return;
        }
        Copied++;
        Flush(host, arrived, writer, held => done(held is not null));
    }

    private void Drop(StorageHost host, ObjectEntry entry)
    {
        if (!host.Disk.Drop(entry))
            return;
        Dropped++;
        Tell(host, new ReplicationEvent.Gone(entry.Id));
    }

    private void ForgetStrays(StorageHost host)
    {
        foreach (ObjectEntry entry in host.Disk.Read().All)
        {
            if (!host.State.Covers(entry.Id))
                Drop(host, entry);
        }
    }

    /// <summary>Writes to disk, which takes time. Tells the version that stands there afterwards; null: the disk is full. Nothing, when the process dies before.</summary>
    private void Flush(StorageHost host, ObjectEntry entry, PeerRef? writer, Action<ObjectVersion?> done)
    {
        bool full = _chance.Happens(options.DiskFull);
        if (options.Mutation == StorageMutation.AcknowledgeBeforeFlush && !full)
            done(entry.Version);
        _ring.After(options.Flush.Draw(_chance), () =>
        {
            if (!host.IsAlive)
                return;
            ObjectVersion? standing = full ? null : host.Disk.Put(entry);
            if (standing == entry.Version)
                Tell(host, new ReplicationEvent.Held(entry, writer));
            if (options.Mutation != StorageMutation.AcknowledgeBeforeFlush || full)
                done(standing);
        });
    }

    /// <summary>Sees what changes in the ring, before or behind another observer.</summary>
    private sealed class RingFollower(SimulatedStorage storage, IRingObserver? next) : IRingObserver
    {
        public void Handled(SimulatedPeer peer, PeerState before, ChordEvent input, Step step)
        {
            if (!ReferenceEquals(before, step.State))
                storage.RingChanged(peer);
            next?.Handled(peer, before, input, step);
        }

        public void LivenessChanged(SimulatedPeer peer)
        {
            storage.LivenessChanged(peer);
            next?.LivenessChanged(peer);
        }

        public void WronglyFoundSilent(SimulatedPeer asker, SimulatedPeer silent) => next?.WronglyFoundSilent(asker, silent);

        public void LookupEnded(LookupRun run) => next?.LookupEnded(run);
    }
}
