using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChordAspire.Cli;

/// <summary>What <c>--json</c> prints: one indented object.</summary>
internal static class JsonText
{
    /// <summary>The text of an object whose members are written by <paramref name="members"/>.</summary>
    public static string Of(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
