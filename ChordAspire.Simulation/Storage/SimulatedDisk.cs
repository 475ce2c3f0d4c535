using ChordAspire.Protocol;

namespace ChordAspire.Simulation;

/// <summary>What survives a peer's process: objects whose writes were flushed. What was not is lost with the process, as after a power failure.</summary>
internal sealed class SimulatedDisk
{
    private readonly SortedDictionary<Identifier, ObjectEntry> _objects = [];

    /// <summary>What a peer finds when it starts.</summary>
    public ObjectIndex Read() => ObjectIndex.FromSorted([.. _objects.Values]);

    public ObjectVersion? VersionOf(Identifier id) => _objects.TryGetValue(id, out ObjectEntry entry) ? entry.Version : null;

    /// <summary>A write has been flushed: it stands, unless a later version does.</summary>
    /// <returns>The version that stands.</returns>
    public ObjectVersion Put(ObjectEntry entry)
    {
        if (VersionOf(entry.Id) is { } held && held >= entry.Version)
            return held;
        _objects[entry.Id] = entry;
        return entry.Version;
    }

    public bool Drop(ObjectEntry entry) => VersionOf(entry.Id) == entry.Version && _objects.Remove(entry.Id);

    public void Erase() => _objects.Clear();

    /// <summary>One of the objects, where there are any: bits of it are about to flip.</summary>
    public ObjectEntry? Some(Chance chance) => _objects.Count == 0 ? null : _objects.Values.ElementAt(chance.Next(_objects.Count));
}
