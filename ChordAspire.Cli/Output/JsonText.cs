using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChordAspire.Cli;

/// <summary>What <c>--json</c> prints: one indented object for a report, an object a line for what there are many of.</summary>
internal static class JsonText
{
    /// <summary>The text of an object whose members are written by <paramref name="members"/>.</summary>
    public static string Of(Action<Utf8JsonWriter> members) => Of(members, indented: true);

    /// <summary>The same, in one line.</summary>
    public static string LineOf(Action<Utf8JsonWriter> members) => Of(members, indented: false);

    private static string Of(Action<Utf8JsonWriter> members, bool indented)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
