namespace ChordAspire.Simulation;

/// <summary>
/// A conversation of peers in a text file: commands, a line of dashes, and what the peers do in words; then, behind an empty line, the next commands.
/// Lines that begin with # are remarks.
/// </summary>
internal sealed record Transcript(string Text)
{
    private const string Dashes = "----";

    public static Transcript Load(string path) => new(File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd());

    /// <summary>The same transcript with the outcomes as they are when its commands are run.</summary>
    /// <param name="otherwise">The rules where the first line names none; null: the production rules.</param>
    public Transcript Replay(ProtocolRules? otherwise = null)
    {
        var script = new RingScript(otherwise);
        return new Transcript(string.Join("\n\n", Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => Replay(block, script))));
    }

    private static string Replay(string block, RingScript script)
    {
        string[] opening = [.. block.Trim('\n').Split('\n').TakeWhile(line => line != Dashes)];
        string[] commands = [.. opening.Where(line => !line.StartsWith('#'))];
        return commands.Length == 0 ? block : string.Join('\n', [.. opening, Dashes, .. script.Run(commands)]);
    }
}
