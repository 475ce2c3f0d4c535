using ChordAspire.Protocol;

namespace ChordAspire.Tests.ReplicationRules;

public sealed class ObjectPlaceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(31)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(159)]
    [InlineData(160)]
    public void An_object_lies_where_its_key_does(int ringBits)
    {
        for (int i = 0; i < 200; i++)
        {
            Identifier id = ObjectPlace.IdOf($"key-{i}", ringBits);
            Assert.Equal(IdentifierCircle.PlaceOf($"key-{i}", ringBits), ObjectPlace.Of(id, ringBits));
        }
        Assert.Equal(200, Enumerable.Range(0, 200).Select(i => ObjectPlace.IdOf($"key-{i}", ringBits)).Distinct().Count());
    }

    [Fact]
    public void On_a_small_circle_every_arc_of_places_is_the_arc_of_its_objects()
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(i => $"key-{i}")];
        for (ulong from = 0; from < 64; from++)
        {
            for (ulong to = 0; to < 64; to++)
            {
                var places = new Arc(Identifier.FromUInt64(6, from), Identifier.FromUInt64(6, to));
                Arc objects = ObjectPlace.ObjectsOn(places);
                Assert.All(keys, key => Assert.Equal(places.Contains(IdentifierCircle.PlaceOf(key, 6)), objects.Contains(ObjectPlace.IdOf(key, 6))));
            }
        }
    }
}
