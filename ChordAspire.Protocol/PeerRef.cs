namespace ChordAspire.Protocol;

/// <summary>A peer reference: who (its identifier) and where (its advertised <c>host:port</c>).</summary>
public sealed record PeerRef(Identifier Id, string Address)
{
    public override string ToString() => $"{Id}@{Address}";
}
