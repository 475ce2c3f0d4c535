using System.Text;
using System.Text.RegularExpressions;

namespace ChordAspire.AppHost;

/// <summary>The arguments of an external program. Placeholders stand for what is known only when it starts.</summary>
internal static partial class GuestArguments
{
    private static readonly string[] Placeholders = ["id", "address", "port", "target"];

    /// <summary>The placeholders, for people.</summary>
    public static string Known => string.Join(", ", Placeholders.Select(name => $"{{{name}}}"));

    /// <summary>What an argument asks for in vain; null when there is nothing of the kind.</summary>
    public static string? UnknownPlaceholder(string argument) =>
        Placeholder().Matches(argument).FirstOrDefault(match => !Placeholders.Contains(match.Groups[1].Value))?.Value;

    public static bool NeedsTarget(string argument) => argument.Contains("{target}", StringComparison.Ordinal);

    /// <param name="address">The guest's own, <c>host:port</c>.</param>
    /// <param name="target">Whom it joins through, <c>host:port</c>.</param>
    public static string Fill(string argument, int id, string address, string target) =>
        Placeholder().Replace(argument, match => match.Groups[1].Value switch
        {
            "id" => $"{id}",
            "address" => address,
            "port" => address[(address.LastIndexOf(':') + 1)..],
            "target" => target,
            _ => match.Value,
        });

    /// <summary>The words of a line. Double quotes keep blanks together, and are not part of the word.</summary>
    /// <returns>Null when a quote is left open.</returns>
    public static IReadOnlyList<string>? Words(string line)
    {
        List<string> words = [];
        StringBuilder? word = null;
        bool quoted = false;
        foreach (char letter in line)
        {
            if (letter == '"')
            {
                quoted = !quoted;
                word ??= new StringBuilder();
            }
            else if (char.IsWhiteSpace(letter) && !quoted)
            {
                End();
            }
            else
            {
                (word ??= new StringBuilder()).Append(letter);
            }
        }
        End();
        return quoted ? null : words;

        void End()
        {
            if (word is not null)
                words.Add(word.ToString());
            word = null;
        }
    }

    /// <summary>A name in braces. Other braces, as of JSON, are meant as they stand.</summary>
    [GeneratedRegex(@"\{([A-Za-z_]+)\}")]
    private static partial Regex Placeholder();
}
