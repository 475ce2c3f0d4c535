using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What clients do, through any peer: put, get and delete, with the production host's tries round dead peers within one deadline.</summary>
public sealed partial class SimulatedStorage
{
    /// <summary>Told of every write that an owner acknowledges, when the answer is on its way.</summary>
    public Action<Acknowledgement>? Acknowledged { get; set; }

    /// <summary>Stores a value under a key, or deletes the key.</summary>
    /// <param name="through">The peer that the client speaks to.</param>
    /// <param name="value">Stands for the content; null deletes.</param>
    /// <param name="ended">Told once whether it was acknowledged; never where the peer dies before.</param>
    public void Put(SimulatedPeer through, string key, ulong? value, Action<bool> ended)
    {
        Identifier id = ObjectPlace.IdOf(key, _ring.Parameters.Bits);
        Try<object>(
            through,
            id,
            (owner, reply) => Write(owner, id, value, done => reply(done ? this : null)),
            outcome => ended(outcome is not null));
    }

    /// <summary>Reads a key.</summary>
    /// <param name="ended">Told once: whether the read succeeded, and the value, null where there is none. Never where the peer dies before.</param>
    public void Get(SimulatedPeer through, string key, Action<bool, ulong?> ended)
    {
        Identifier id = ObjectPlace.IdOf(key, _ring.Parameters.Bits);
        Try<Found>(through, id, (owner, reply) => Read(owner, id, reply), found => ended(found is not null, found?.Value));
    }

    /// <summary>Looks up the owner and asks it, again and again until the time is up.</summary>
    private void Try<T>(SimulatedPeer through, Identifier objectId, Action<StorageHost, Action<T?>> request, Action<T?> ended)
        where T : class
    {
        StorageHost client = _hosts[through.Host];
        TimeSpan deadline = _ring.Now + options.RequestTimeout;
        Once();

        void Once() => _ring.LookUp(through, ObjectPlace.Of(objectId, _ring.Parameters.Bits), run =>
        {
            if (run.Outcome!.Owner is not { } owner)
                Again(default);
            else if (owner.Id == through.Self.Id)
                request(client, Again);
            else
                Ask(client, owner, request, Again);
        });

        void Again(T? outcome)
        {
            if (!client.IsAlive)
                return;
            if (outcome is not null || _ring.Now + Soon >= deadline || !through.State.IsMember)
                ended(outcome);
            else
                _ring.After(Soon, () =>
                {
                    if (client.IsAlive)
                        Once();
                });
        }
    }

    private void Read(StorageHost owner, Identifier id, Action<Found?> reply)
    {
        if (!owner.State.Owns(id))
        {
            reply(null);
            return;
        }
        FindNewest(owner, id, (known, newest) => reply(known ? new Found(newest is { Deleted: false } version ? version.Hash.First : null) : null));
    }

    private void Write(StorageHost owner, Identifier id, ulong? value, Action<bool> reply)
    {
        if (owner.Peer.State.Phase != MemberPhase.Member || !owner.State.Owns(id))
        {
            reply(false);
            return;
        }
        FindNewest(owner, id, (known, newest) =>
        {
            if (known)
                WriteCopies(owner, id, value, newest, reply);
            else
                reply(false);
        });
    }

    /// <summary>The newest version that was acknowledged: ours, or while we have not settled the highest of all who may have it.</summary>
    private void FindNewest(StorageHost owner, Identifier id, Action<bool, ObjectVersion?> found)
    {
        ObjectVersion? newest = owner.State.Index.VersionOf(id);
        PeerRef[] unheard = options.Mutation == StorageMutation.AnswerUnsettled ? [] : [.. owner.State.Unheard];
        int waiting = unheard.Length;
        bool failed = false;
        if (waiting == 0)
        {
            found(owner.State.Own is not null, newest);
            return;
        }
        foreach (PeerRef peer in unheard)
        {
            Ask<Held>(owner, peer, (asked, reply) => reply(new Held(asked.State.Index.VersionOf(id))), answer =>
            {
                failed |= answer is null;
                if (answer?.Version is { } version && (newest is null || version > newest))
                    newest = version;
                if (--waiting == 0)
                    found(!failed && owner.State.Own is not null, newest);
            });
        }
    }

    private void WriteCopies(StorageHost owner, Identifier id, ulong? value, ObjectVersion? newest, Action<bool> reply)
    {
        long stamp = ObjectVersion.NextStamp((long)(_ring.Now + owner.ClockError).TotalMilliseconds, newest);
        ObjectVersion version = value is { } content ? new ObjectVersion(stamp, Deleted: false, new ContentHash(content, 0, 0, 0)) : ObjectVersion.Tombstone(stamp);
        var entry = new ObjectEntry(id, version, value is null ? 0 : 8);
        PeerRef[] replicas = owner.State.Replicas.ToArray();
        var tally = new WriteTally(1 + replicas.Length);
        bool ended = false;
        TimeSpan began = _ring.Now;
        List<SimulatedPeer> holders = [];
        Flush(owner, entry, writer: null, standing =>
        {
            if (standing == version)
                holders.Insert(0, owner.Peer);
            Count(tally with { OwnerDone = standing == version }, hopeless: standing != version);
        });
        for (int i = 0; i < replicas.Length; i++)
        {
            PeerRef replica = replicas[i];
            if (i == replicas.Length - 1 && options.Mutation == StorageMutation.SkipOneReplica)
                CountReplica(replica, done: true);
            else
                Ask<object>(owner, replica, (asked, answer) => Flush(asked, entry, owner.Peer.Self, standing => answer(standing == version ? this : null)), done => CountReplica(replica, done is not null));
        }
        _ring.After(options.Patience, () => Count(tally, hopeless: false, patienceOver: true));

        void CountReplica(PeerRef replica, bool done)
        {
            if (done)
                holders.Add(_ring.Peers[HostNames.HostOf(replica)]);
            else
                TellMissed(replica);
            Count(done ? tally with { ReplicasDone = tally.ReplicasDone + 1 } : tally with { ReplicasFailed = tally.ReplicasFailed + 1 }, hopeless: false);
        }

        void Count(WriteTally next, bool hopeless, bool patienceOver = false)
        {
            tally = next;
            if (ended || !owner.IsAlive)
                return;
            if (hopeless || tally.IsHopeless)
            {
                ended = true;
                reply(false);
            }
            else if (tally.MayAcknowledge(patienceOver))
            {
                ended = true;
                // Whoever has become owner meanwhile may not have seen it.
                bool owns = owner.State.Owns(id);
                reply(owns);
                if (owns)
                    Acknowledged?.Invoke(new Acknowledgement(id, version, began, [.. holders], tally.Copies));
                // Who has become a replica meanwhile is told by nobody else.
                foreach (PeerRef replica in owner.State.Replicas.ToArray().Where(replica => !holders.Contains(_ring.Peers[HostNames.HostOf(replica)])))
                    TellMissed(replica);
            }
        }

        void TellMissed(PeerRef replica)
        {
            if (options.Mutation != StorageMutation.ForgetMissedCopy)
                Tell(owner, new ReplicationEvent.CopyMissed(replica));
        }
    }

    private sealed record Found(ulong? Value);

    private sealed record Held(ObjectVersion? Version);
}
