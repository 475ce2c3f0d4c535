using System.Collections.Frozen;
using System.Text.Json;

namespace ChordAspire.Simulation.Experiments;

/// <summary>The numbers of the papers and of others who reproduced them, from <c>published.json</c>, which names the source of each.</summary>
public static class Published
{
    private const string Resource = "ChordAspire.Simulation.Experiments.published.json";
    private static readonly (FrozenDictionary<(string, string, string), Entry> Numbers, FrozenDictionary<string, string> Sources) Data = Load();

    /// <summary>Short names of the sources, and what they stand for.</summary>
    public static IReadOnlyDictionary<string, string> Sources => Data.Sources;

    public static Value? Paper(string experiment, string row, string quantity) =>
        Data.Numbers.TryGetValue((experiment, row, quantity), out Entry entry) ? entry.Paper : null;

    public static Value? Best(string experiment, string row, string quantity) =>
        Data.Numbers.TryGetValue((experiment, row, quantity), out Entry entry) ? entry.Best : null;

    /// <summary>The paper's number.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static double Number(string experiment, string row, string quantity) =>
        Paper(experiment, row, quantity)?.Number ?? throw new KeyNotFoundException($"{Resource} has no number of a paper for {experiment}, {row}, {quantity}.");

    /// <summary>All numbers, as experiment, row and quantity.</summary>
    public static IEnumerable<(string Experiment, string Row, string Quantity)> Keys => Data.Numbers.Keys;

    private static (FrozenDictionary<(string, string, string), Entry>, FrozenDictionary<string, string>) Load()
    {
        using Stream stream = typeof(Published).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly was built without {Resource}.");
        using JsonDocument document = JsonDocument.Parse(stream);
        Dictionary<(string, string, string), Entry> numbers = [];
        foreach (JsonProperty experiment in document.RootElement.GetProperty("experiments").EnumerateObject())
        {
            foreach (JsonElement number in experiment.Value.EnumerateArray())
            {
                numbers.Add(
                    (experiment.Name, number.GetProperty("row").GetString()!, number.GetProperty("quantity").GetString()!),
                    new Entry(ValueOf(number, "paper"), ValueOf(number, "best")));
            }
        }
        return (
            numbers.ToFrozenDictionary(),
            document.RootElement.GetProperty("sources").EnumerateObject().ToFrozenDictionary(source => source.Name, source => source.Value.GetString()!));
    }

    /// <summary>A number, or a number and its spread in an array.</summary>
    private static Value? ValueOf(JsonElement number, string name)
    {
        if (!number.TryGetProperty(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.Array ? new Value(value[0].GetDouble(), value[1].GetString()) : new Value(value.GetDouble());
    }

    private readonly record struct Entry(Value? Paper, Value? Best);
}
