using System.Globalization;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Rpc.Wire;
using Google.Protobuf;

namespace ChordAspire.Tests.Rpc;

public sealed class WireMappingTests
{
    [Fact]
    public void Every_identifier_of_every_width_goes_there_and_back()
    {
        var chance = new Random(3);
        for (int bits = 1; bits <= Identifier.MaxBits; bits++)
        {
            var bytes = new byte[20];
            chance.NextBytes(bytes);
            Identifier id = Identifier.FromBigEndian(bits, bytes);
            ByteString wire = WireMapping.ToWire(id);
            Assert.Equal((bits + 7) / 8, wire.Length);
            Assert.Equal(id, WireMapping.IdFromWire(wire, bits, "id"));
        }
    }

    [Theory]
    [InlineData(160, 0)]
    [InlineData(160, 19)]
    [InlineData(160, 21)]
    [InlineData(6, 0)]
    [InlineData(6, 2)]
    [InlineData(9, 1)]
    public void An_identifier_of_another_width_is_refused(int bits, int bytes)
    {
        RefusedException refused = Assert.Throws<RefusedException>(() => WireMapping.IdFromWire(ByteString.CopyFrom(new byte[bytes]), bits, "key"));
        Assert.Equal(Refusal.InvalidRequest, refused.Reason);
        Assert.Contains("'key'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, new byte[] { 0x40 })]
    [InlineData(6, new byte[] { 0xff })]
    [InlineData(9, new byte[] { 0x02, 0x00 })]
    public void A_bit_above_the_width_is_refused(int bits, byte[] bytes) =>
        Assert.Throws<RefusedException>(() => WireMapping.IdFromWire(ByteString.CopyFrom(bytes), bits, "key"));

    [Fact]
    public void Neighbors_go_there_and_back()
    {
        var neighbors = new Neighbors(Peer(1), new SuccessorList([Peer(2), Peer(3)], spansRing: true));
        Assert.Equal(neighbors, WireMapping.FromWire(WireMapping.ToWire(neighbors), 8));
        var lonely = new Neighbors(null, SuccessorList.Alone);
        Assert.Equal(lonely, WireMapping.FromWire(WireMapping.ToWire(lonely), 8));
    }

    [Fact]
    public void A_route_answer_goes_there_and_back()
    {
        var answer = new RouteAnswer(false, Peer(1), [Peer(2)], [Peer(3), Peer(4)]);
        RouteAnswer back = WireMapping.FromWire(WireMapping.ToWire(answer), 8);
        Assert.Equal((answer.OwnsKey, answer.Predecessor), (back.OwnsKey, back.Predecessor));
        Assert.Equal(answer.Successors, back.Successors.AsEnumerable());
        Assert.Equal(answer.Closer, back.Closer.AsEnumerable());
    }

    [Fact]
    public void A_description_goes_there_and_back()
    {
        var parameters = new ChordParameters(8, 2);
        PeerState state = PeerState.CreateMember(Peer(5), parameters, Peer(1), new SuccessorList([Peer(9), Peer(13)], spansRing: false),
            FingerTable.Empty.With(0, 3, Peer(9)));
        PeerDescription told = PeerDescription.FromWire(PeerDescription.ToWire(state, new HeldObjects(Objects: 3, Bytes: 99, Owned: 2, Replicated: true)));
        Assert.Equal(PeerView.Of(state), told.View);
        Assert.Equal(parameters, told.Parameters);
        Assert.True(told.RingReady);
        Assert.Equal([new ChordAspire.Protocol.FingerRun(0, 3, Peer(9))], told.Fingers.AsEnumerable());
        Assert.Equal((3, 99, 2, true), (told.ObjectsHeld, told.BytesHeld, told.ObjectsOwned, told.Replicated));
        Assert.Equal(Environment.ProcessId, told.ProcessId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    public void A_key_of_allowed_length_passes(int bytes) => Assert.Equal(bytes, WireMapping.KeyFromWire(new string('k', bytes)).Length);

    [Theory]
    [InlineData(0, 'k')]
    [InlineData(1025, 'k')]
    [InlineData(513, 'ü')]
    public void A_key_is_measured_in_bytes(int letters, char letter) =>
        Assert.Equal(Refusal.InvalidRequest, Assert.Throws<RefusedException>(() => WireMapping.KeyFromWire(new string(letter, letters))).Reason);

    [Fact]
    public void A_value_may_have_a_mebibyte_and_no_more()
    {
        Assert.Equal(RingLimits.MaxValueBytes, WireMapping.ValueFromWire(ByteString.CopyFrom(new byte[RingLimits.MaxValueBytes])).Length);
        Assert.Throws<RefusedException>(() => WireMapping.ValueFromWire(ByteString.CopyFrom(new byte[RingLimits.MaxValueBytes + 1])));
    }

    [Fact]
    public void A_missing_peer_is_refused_by_name() =>
        Assert.Equal("Field 'from' is missing.", Assert.Throws<RefusedException>(() => WireMapping.PeerFromWire(null, 8, "from")).Message);

    [Theory]
    [InlineData(0u)]
    [InlineData(161u)]
    [InlineData(uint.MaxValue)]
    public void No_ring_has_such_a_width(uint bits) => Assert.Throws<RefusedException>(() => WireMapping.BitsFromWire(bits));

    [Fact]
    public void A_description_of_nothing_is_refused() => Assert.Throws<RefusedException>(() => PeerDescription.FromWire(new DescribeReply()));

    [Theory]
    [InlineData("0-8", "Field 'fingers' has the run 0 to 8; runs are of fingers 0 to 7, in ascending order and without overlap.")]
    [InlineData("4294967295-4294967295", "Field 'fingers' has the run 4294967295 to 4294967295; runs are of fingers 0 to 7, in ascending order and without overlap.")]
    [InlineData("3-2", "Field 'fingers' has the run 3 to 2; runs are of fingers 0 to 7, in ascending order and without overlap.")]
    [InlineData("2-3 0-1", "Field 'fingers' has the run 0 to 1; runs are of fingers 0 to 7, in ascending order and without overlap.")]
    [InlineData("0-3 3-4", "Field 'fingers' has the run 3 to 4; runs are of fingers 0 to 7, in ascending order and without overlap.")]
    public void A_description_with_fingers_that_cannot_be_is_refused(string runs, string message)
    {
        DescribeReply reply = Description();
        foreach (string[] run in runs.Split(' ').Select(run => run.Split('-')))
            reply.Fingers.Add(new ChordAspire.Rpc.Wire.FingerRun { First = uint.Parse(run[0], CultureInfo.InvariantCulture), Last = uint.Parse(run[1], CultureInfo.InvariantCulture), Peer = WireMapping.ToWire(Peer(9)) });
        Assert.Equal(message, Assert.Throws<RefusedException>(() => PeerDescription.FromWire(reply)).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void A_description_in_no_phase_is_refused(int phase)
    {
        DescribeReply reply = Description();
        reply.Phase = (Phase)phase;
        Assert.Equal($"Field 'phase' is {phase}, which is none.", Assert.Throws<RefusedException>(() => PeerDescription.FromWire(reply)).Message);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void A_lookup_whose_times_cannot_be_is_refused(double milliseconds)
    {
        LookupReply reply = Lookup();
        reply.Path.Add(new ChordAspire.Rpc.Wire.LookupHop { Peer = reply.Owner, Milliseconds = milliseconds });
        Assert.StartsWith("Field 'path.milliseconds' is ", Assert.Throws<RefusedException>(() => LookupAnswer.FromWire(reply)).Message);
    }

    [Fact]
    public void A_lookup_with_more_hops_than_can_be_counted_is_refused()
    {
        LookupReply reply = Lookup();
        Assert.Equal(0, LookupAnswer.FromWire(reply).Hops);
        reply.Hops = uint.MaxValue;
        Assert.StartsWith("Field 'hops' is 4294967295;", Assert.Throws<RefusedException>(() => LookupAnswer.FromWire(reply)).Message);
    }

    private static DescribeReply Description() =>
        PeerDescription.ToWire(PeerState.CreateMember(Peer(5), new ChordParameters(8, 2), null, SuccessorList.Alone, FingerTable.Empty), new HeldObjects(0, 0, 0, true));

    private static LookupReply Lookup() => new() { Id = WireMapping.ToWire(Peer(7).Id), Owner = WireMapping.ToWire(Peer(9)), Bits = 8 };

    private static PeerRef Peer(ulong id) => new(Identifier.FromUInt64(8, id), $"host-{id}:50051");
}
