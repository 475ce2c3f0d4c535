namespace ChordAspire.Tests.Peer;

/// <summary>Tests that start peers of their own, one test after the other: the machine is small.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnPeers
{
    public const string Name = "peers of their own";
}
