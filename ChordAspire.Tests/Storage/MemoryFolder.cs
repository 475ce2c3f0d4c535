namespace ChordAspire.Tests.Storage;

/// <summary>A folder's names: as they are seen, and what of them was not flushed, in order.</summary>
internal sealed class MemoryFolder
{
    private readonly Dictionary<string, MemoryNode> _flushed = [];
    private readonly List<(string Name, MemoryNode? Node)> _pending = [];

    public Dictionary<string, MemoryNode> Names { get; } = [];

    public void Set(string name, MemoryNode? node)
    {
        Apply(Names, name, node);
        _pending.Add((name, node));
    }

    public void Flush()
    {
        foreach ((string name, MemoryNode? node) in _pending)
            Apply(_flushed, name, node);
        _pending.Clear();
    }

    public Dictionary<string, MemoryNode> Surviving(Survival survival, Random random)
    {
        if (survival == Survival.Everything)
            return Names;
        Dictionary<string, MemoryNode> names = new(_flushed);
        foreach ((string name, MemoryNode? node) in _pending)
        {
            if (survival == Survival.ByChance && random.Next(2) == 0)
                Apply(names, name, node);
        }
        return names;
    }

    private static void Apply(Dictionary<string, MemoryNode> names, string name, MemoryNode? node)
    {
        if (node is null)
            names.Remove(name);
        else
            names[name] = node;
    }
}
