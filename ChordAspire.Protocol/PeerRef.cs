namespace ChordAspire.Protocol;

/// <summary>A peer reference: who (its identifier) and where (its advertised <c>host:port</c>).</summary>
public sealed record PeerRef(Identifier Id, string Address)
{
    /// <summary>
    /// By identifier and address. Nearly always it is the same object or another identifier, and peers are compared more often than anything else
    /// is done.
    /// </summary>
    public bool Equals(PeerRef? other) => ReferenceEquals(this, other) || (other is not null && Id == other.Id && Address == other.Address);

    public override int GetHashCode() => HashCode.Combine(Id, Address);

    public override string ToString() => $"{Id}@{Address}";
}
