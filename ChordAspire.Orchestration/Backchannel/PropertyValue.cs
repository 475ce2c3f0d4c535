using System.Globalization;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Backchannel;

/// <summary>The value of a property, for the tool: nothing where it is sensitive.</summary>
internal static class PropertyValue
{
    internal static JsonNode? Of(ResourcePropertySnapshot property, SecretMask mask, bool plain)
    {
        return property switch
        {
            { IsSensitive: true } or { Value: null } => null,
            { Value: IEnumerable<string> texts } when plain => Text(string.Join(',', texts)),
            { Value: IEnumerable<string> texts } => new JsonArray([.. texts.Select(Text)]),
            { Value: bool truth } when !plain => JsonValue.Create(truth),
            { Value: int number } when !plain => JsonValue.Create(number),
            { Value: long number } when !plain => JsonValue.Create(number),
            { Value: double number } when !plain => JsonValue.Create(number),
            { Value: var other } => Text(Convert.ToString(other, CultureInfo.InvariantCulture) ?? ""),
        };

        JsonNode? Text(string text) => JsonValue.Create(mask.Hide(text));
    }
}
