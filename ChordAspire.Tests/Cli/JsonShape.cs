using System.Collections.Concurrent;
using System.Text.Json;
using ChordAspire.Tests.ArchitectureRules;
using Json.Schema;

namespace ChordAspire.Tests.Cli;

/// <summary>The documented shapes of what <c>--json</c> prints.</summary>
internal static class JsonShape
{
    private static readonly ConcurrentDictionary<string, JsonSchema> Schemas = new();

    /// <summary>The names of all of them.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetFiles(Path.Combine(Repository.Root, "docs", "schemas"), "*.schema.json").Select(file => Path.GetFileName(file).Split('.')[0]);

    public static string TextOf(string schema) => File.ReadAllText(Path.Combine(Repository.Root, "docs", "schemas", $"{schema}.schema.json"));

    /// <summary>Reads a text that must have the shape of the schema.</summary>
    public static JsonElement Read(string schema, string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement json = document.RootElement.Clone();
        EvaluationResults results = Schemas.GetOrAdd(schema, static name => JsonSchema.FromText(TextOf(name)))
            .Evaluate(json, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(results.IsValid, $"not as docs/schemas/{schema}.schema.json says: {Wrong(results)}\n{text}");
        return json;
    }

    private static string Wrong(EvaluationResults results) => string.Join("; ", (results.Details ?? [])
        .Where(detail => detail.Errors is not null)
        .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")));
}
