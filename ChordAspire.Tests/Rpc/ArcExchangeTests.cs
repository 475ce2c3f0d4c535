using System.Collections.Immutable;
using ChordAspire.Protocol;
using ChordAspire.Rpc;
using ChordAspire.Tests.ReplicationRules;
using Wire = ChordAspire.Rpc.Wire;

namespace ChordAspire.Tests.Rpc;

/// <summary>What two peers tell each other when they compare an arc.</summary>
public sealed class ArcExchangeTests
{
    private static readonly Arc Half = new(Objects.Small(0), Objects.Small(1 << 30));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1000)]
    public void An_answer_about_an_arc_goes_there_and_back(int held)
    {
        ArcAnswer answer = ArcComparison.Answer(IndexOf(held), new ArcQuestion(Half, new ArcDigest(5, 17)));
        ArcAnswer back = Assert.Single(ObjectMapping.AnswersFromWire([ObjectMapping.ToWire(answer)]));
        Assert.Equal(answer.Agrees, back.Agrees);
        Assert.Equal(Listed(answer.Entries), Listed(back.Entries));
        Assert.Equal(Listed(answer.Parts), Listed(back.Parts));
    }

    [Fact]
    public void Two_peers_in_agreement_on_100_000_objects_exchange_less_than_a_kibibyte()
    {
        ObjectIndex index = IndexOf(100_000);
        var question = new ArcQuestion(Half, index.DigestOf(Half));
        var self = new PeerRef(Objects.Small(3), "some-rather-long-name-of-a-host.example.org:50051");
        var request = new Wire.AskArcsRequest
        {
            To = WireMapping.ToWire(self.Id),
            From = WireMapping.ToWire(self),
            Claim = ObjectMapping.ToWire(Half),
            Questions = { ObjectMapping.ToWire(question) },
        };
        var reply = new Wire.AskArcsReply { Own = ObjectMapping.ToWire(Half), Replicated = true, Answers = { ObjectMapping.ToWire(ArcComparison.Answer(index, question)) } };
        int bytes = request.CalculateSize() + reply.CalculateSize();
        TestContext.Current.SendDiagnosticMessage("Agreement on 100,000 objects: {0} bytes in both directions.", bytes);
        Assert.InRange(bytes, 1, 1024);
    }

    private static ObjectIndex IndexOf(int count) =>
        ObjectIndex.FromSorted([.. Enumerable.Range(1, count).Select(i => new ObjectEntry(Objects.Small(i), Objects.Version(i), i))]);

    private static ImmutableArray<T> Listed<T>(ImmutableArray<T> list) => list.IsDefault ? [] : list;
}
