namespace ChordAspire.Tests.Api;

/// <summary>The public signatures of Aspire's own types, as aspire-api.txt lists them.</summary>
internal static class AspireApi
{
    /// <summary>Each type's lines, by the type's name.</summary>
    internal static IReadOnlyDictionary<string, HashSet<string>> Types { get; } = Read();

    /// <summary>What the list has under the same name as a line of ours: the signatures it might have been meant to be.</summary>
    internal static IEnumerable<string> Alike(string type, string line) => Types[type].Where(listed => MemberOf(listed) == MemberOf(line));

    private static Dictionary<string, HashSet<string>> Read()
    {
        var types = new Dictionary<string, HashSet<string>>();
        HashSet<string> lines = [];
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Api", "aspire-api.txt")))
        {
            if (line.StartsWith(' '))
                lines.Add(line.Trim());
            else if (line.Length > 0 && line[0] != '#')
                types.Add(line, lines = []);
        }

        return types;
    }

    /// <summary>The member's name: the last word before its parameters, accessors or value.</summary>
    private static string MemberOf(string line)
    {
        string head = line.Split('(', '{', '=')[0].Split('<')[0].Trim();
        return line.Contains('(') && !head.Contains(' ') ? head : line.Split('(', '{', '=')[0].Trim().Split(' ')[^1].Split('<')[0];
    }
}
