namespace ChordAspire.Simulation;

/// <summary>
/// How many peers may be lost at a moment without asking more than is promised: of an object that has all its copies all but one, of a write that was
/// acknowledged with fewer all but one of those, until it has been copied on.
/// </summary>
/// <param name="copies">r_L.</param>
internal sealed class LossBudget(int copies)
{
    private readonly List<TimeSpan> _losses = [];
    private readonly List<Acknowledgement> _writes = [];
    private TimeSpan _wholeAt;

    /// <summary>Peers that may be lost at this moment, all at once.</summary>
    public int Left
    {
        get
        {
            int left = copies - 1 - LossesSince(_wholeAt);
            foreach (Acknowledgement write in _writes)
                left = Math.Min(left, write.Copies - 1 - LossesSince(write.Began));
            return Math.Max(left, 0);
        }
    }

    public void Count(Acknowledgement write)
    {
        // All copies there can be, and no loss since it began: it asks for no more care than what is there already.
        if (write.Copies < copies || LossesSince(write.Began) > 0)
            _writes.Add(write);
    }

    public void Lose(TimeSpan at, int peers)
    {
        for (int i = 0; i < peers; i++)
            _losses.Add(at);
    }

    /// <summary>The peers say that every object has all its copies again.</summary>
    public void BeWhole(TimeSpan at)
    {
        _wholeAt = at;
        _writes.Clear();
    }

    private int LossesSince(TimeSpan moment) => _losses.Count(loss => loss >= moment);
}
