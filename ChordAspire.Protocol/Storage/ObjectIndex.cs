namespace ChordAspire.Protocol;

/// <summary>What a peer holds, in the order of the circle. Immutable: readers on other threads may hold one while the next is made.</summary>
/// <remarks>Changes, digests of arcs and places in the order take logarithmic time. About 150 bytes an object.</remarks>
public sealed class ObjectIndex
{
    private readonly IndexNode? _root;

    private ObjectIndex(IndexNode? root) => _root = root;

    public static ObjectIndex Empty { get; } = new(null);

    /// <summary>Objects, tombstones included.</summary>
    public int Count => IndexNode.CountOf(_root);

    /// <summary>Bytes of content.</summary>
    public long Bytes => IndexNode.BytesOf(_root);

    /// <summary>Of everything.</summary>
    public ArcDigest Digest => IndexNode.DigestOf(_root);

    /// <summary>Everything, in ascending order of identifiers.</summary>
    public IEnumerable<ObjectEntry> All => Enumerable.Range(0, Count).Select(before => IndexNode.At(_root, before));

    /// <summary>The longest way from the root of the tree: what a change costs.</summary>
    public int Depth => IndexNode.DepthOf(_root);

    public bool TryGet(Identifier id, out ObjectEntry entry)
    {
        for (IndexNode? node = _root; node is not null;)
        {
            int order = id.CompareTo(node.Entry.Id);
            if (order == 0)
            {
                entry = node.Entry;
                return true;
            }
            node = order < 0 ? node.Left : node.Right;
        }
        entry = default;
        return false;
    }

    /// <summary>The version held; null when there is none.</summary>
    public ObjectVersion? VersionOf(Identifier id) => TryGet(id, out ObjectEntry entry) ? entry.Version : null;

    /// <summary>Whether this version or a later one is held.</summary>
    public bool Has(Identifier id, ObjectVersion version) => VersionOf(id) is { } held && held >= version;

    /// <summary>With this entry in the place of any that has its identifier.</summary>
    public ObjectIndex With(in ObjectEntry entry) => new(IndexNode.Set(_root, new IndexNode(entry)));

    public ObjectIndex Without(Identifier id) => TryGet(id, out _) ? new ObjectIndex(IndexNode.Remove(_root, id)) : this;

    /// <summary>Made of entries in ascending order of their identifiers, each once: in linear time.</summary>
    /// <exception cref="ArgumentException">They are not in order.</exception>
    public static ObjectIndex FromSorted(ReadOnlySpan<ObjectEntry> entries)
    {
        for (int i = 1; i < entries.Length; i++)
        {
            if (entries[i - 1].Id >= entries[i].Id)
                throw new ArgumentException($"Entry {i} is not behind the one before it.", nameof(entries));
        }
        return new ObjectIndex(IndexNode.Build(entries));
    }

    /// <summary>Of the objects on an arc of object identifiers.</summary>
    public ArcDigest DigestOf(Arc arc)
    {
        ArcDigest upToFrom = IndexNode.DigestUpTo(_root, arc.From);
        ArcDigest upToTo = IndexNode.DigestUpTo(_root, arc.To);
        // Ends in descending order, or equal, mean that the arc passes zero, where the order begins anew.
        return arc.From < arc.To ? upToTo - upToFrom : Digest - upToFrom + upToTo;
    }

    /// <summary>The objects on an arc of object identifiers, clockwise from its beginning.</summary>
    public IEnumerable<ObjectEntry> On(Arc arc)
    {
        int first = IndexNode.DigestUpTo(_root, arc.From).Count;
        int count = DigestOf(arc).Count;
        for (int i = 0; i < count; i++)
            yield return IndexNode.At(_root, (first + i) % Count);
    }

    /// <summary>The object that has <paramref name="before"/> others of the arc before it, clockwise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The arc has no more than so many.</exception>
    public ObjectEntry AtOn(Arc arc, int before)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(before, DigestOf(arc).Count);
        return IndexNode.At(_root, (IndexNode.DigestUpTo(_root, arc.From).Count + before) % Count);
    }
}
