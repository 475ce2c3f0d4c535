namespace ChordAspire.Protocol;

/// <summary>The arc (From, To]: clockwise from From, excluded, to To, included. Equal ends are the whole circle.</summary>
public readonly record struct Arc(Identifier From, Identifier To)
{
    public bool Contains(Identifier point) => point.IsOnArc(From, To);

    public override string ToString() => $"({From}, {To}]";
}
