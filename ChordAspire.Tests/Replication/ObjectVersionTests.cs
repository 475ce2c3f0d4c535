using ChordAspire.Protocol;
using static ChordAspire.Tests.ReplicationRules.Objects;

namespace ChordAspire.Tests.ReplicationRules;

public sealed class ObjectVersionTests
{
    [Fact]
    public void Versions_are_in_one_order_by_stamp_then_deletion_then_hash()
    {
        ObjectVersion[] inOrder = [Version(1, 9), Version(2, 1), Version(2, 2), ObjectVersion.Tombstone(2), Version(3, 0)];

        for (int i = 0; i < inOrder.Length; i++)
        {
            for (int k = 0; k < inOrder.Length; k++)
                Assert.Equal(i.CompareTo(k), Math.Sign(inOrder[i].CompareTo(inOrder[k])));
        }
    }

    [Fact]
    public void The_next_stamp_is_the_clocks_unless_it_is_behind()
    {
        Assert.Equal(100, ObjectVersion.NextStamp(100, known: null));
        Assert.Equal(100, ObjectVersion.NextStamp(100, Version(7)));
        Assert.Equal(101, ObjectVersion.NextStamp(100, Version(100)));
        Assert.Equal(901, ObjectVersion.NextStamp(100, ObjectVersion.Tombstone(900)));
    }

    [Fact]
    public void A_hash_is_written_as_other_tools_write_it()
    {
        ContentHash empty = ContentHash.FromBytes(System.Security.Cryptography.SHA256.HashData([]));

        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", empty.ToString());
        Assert.Throws<ArgumentException>(() => ContentHash.FromBytes(new byte[31]));
    }
}
