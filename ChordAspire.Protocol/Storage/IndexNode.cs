namespace ChordAspire.Protocol;

/// <summary>
/// A node of <see cref="ObjectIndex"/>: a weight-balanced tree (Nievergelt and Reingold 1973, with Hirai and Yamamoto's parameters of 2011) that also
/// carries the count, bytes and digest of what lies beneath.
/// </summary>
internal sealed class IndexNode
{
    /// <summary>One side may weigh this many times the other.</summary>
    private const int Delta = 3;

    /// <summary>Below this ratio of the inner to the outer grandchild one rotation restores the balance; else it takes two.</summary>
    private const int Gamma = 2;

    public IndexNode(in ObjectEntry entry)
        : this(entry, ArcDigest.Of(entry), left: null, right: null)
    {
    }

    private IndexNode(in ObjectEntry entry, ArcDigest own, IndexNode? left, IndexNode? right)
    {
        Entry = entry;
        Left = left;
        Right = right;
        Whole = DigestOf(left) + own + DigestOf(right);
        Bytes = BytesOf(left) + entry.Size + BytesOf(right);
    }

    public ObjectEntry Entry { get; }

    public IndexNode? Left { get; }

    public IndexNode? Right { get; }

    private ArcDigest Whole { get; }

    private long Bytes { get; }

    private ArcDigest Own => Whole - DigestOf(Left) - DigestOf(Right);

    public static int CountOf(IndexNode? node) => node?.Whole.Count ?? 0;

    public static long BytesOf(IndexNode? node) => node?.Bytes ?? 0;

    public static ArcDigest DigestOf(IndexNode? node) => node?.Whole ?? default;

    public static int DepthOf(IndexNode? node) => node is null ? 0 : 1 + Math.Max(DepthOf(node.Left), DepthOf(node.Right));

    /// <summary>Puts a node without children into the tree, in the place of one with its identifier where there is one.</summary>
    public static IndexNode Set(IndexNode? node, IndexNode added)
    {
        if (node is null)
            return added;
        int order = added.Entry.Id.CompareTo(node.Entry.Id);
        return order switch
        {
            0 => new IndexNode(added.Entry, added.Own, node.Left, node.Right),
            < 0 => node.Balanced(Set(node.Left, added), node.Right),
            > 0 => node.Balanced(node.Left, Set(node.Right, added)),
        };
    }

    /// <summary>Takes out an entry that is there.</summary>
    public static IndexNode? Remove(IndexNode? node, Identifier id)
    {
        int order = id.CompareTo(node!.Entry.Id);
        if (order < 0)
            return node.Balanced(Remove(node.Left, id), node.Right);
        if (order > 0)
            return node.Balanced(node.Left, Remove(node.Right, id));
        if (node.Left is null)
            return node.Right;
        if (node.Right is null)
            return node.Left;
        IndexNode next = node.Right;
        while (next.Left is { } left)
            next = left;
        return next.Balanced(node.Left, Remove(node.Right, next.Entry.Id));
    }

    public static IndexNode? Build(ReadOnlySpan<ObjectEntry> sorted)
    {
        if (sorted.IsEmpty)
            return null;
        int middle = sorted.Length / 2;
        ref readonly ObjectEntry entry = ref sorted[middle];
        return new IndexNode(entry, ArcDigest.Of(entry), Build(sorted[..middle]), Build(sorted[(middle + 1)..]));
    }

    /// <summary>The digest of all entries from the lowest identifier to this one, included.</summary>
    public static ArcDigest DigestUpTo(IndexNode? node, Identifier last)
    {
        ArcDigest sum = default;
        while (node is not null)
        {
            if (last < node.Entry.Id)
            {
                node = node.Left;
                continue;
            }
            sum += node.Whole - DigestOf(node.Right);
            node = node.Right;
        }
        return sum;
    }

    /// <summary>The entry with so many before it in ascending order; there must be one.</summary>
    public static ObjectEntry At(IndexNode? node, int before)
    {
        while (true)
        {
            int left = CountOf(node!.Left);
            if (before == left)
                return node.Entry;
            if (before < left)
            {
                node = node.Left;
                continue;
            }
            before -= left + 1;
            node = node.Right;
        }
    }

    private static int WeightOf(IndexNode? node) => CountOf(node) + 1;

    private IndexNode With(IndexNode? left, IndexNode? right) => new(Entry, Own, left, right);

    /// <summary>This entry above two subtrees, one of which has gained or lost one entry.</summary>
    private IndexNode Balanced(IndexNode? left, IndexNode? right)
    {
        if (WeightOf(right) > Delta * WeightOf(left))
        {
            return WeightOf(right!.Left) < Gamma * WeightOf(right.Right)
                ? right.With(With(left, right.Left), right.Right)
                : right.Left!.With(With(left, right.Left.Left), right.With(right.Left.Right, right.Right));
        }
        if (WeightOf(left) > Delta * WeightOf(right))
        {
            return WeightOf(left!.Right) < Gamma * WeightOf(left.Left)
                ? left.With(left.Left, With(left.Right, right))
                : left.Right!.With(left.With(left.Left, left.Right.Left), With(left.Right.Right, right));
        }
        return With(left, right);
    }
}
