namespace Aspire.Hosting.Dcp;

/// <summary>
/// DCP reads arguments and environment values as Go templates. A value is never meant as one here, so its opening braces travel as a
/// template that yields two braces, and turn back into themselves on the way in.
/// </summary>
internal static class TemplateText
{
    private const string Braces = "{{";
    private const string Escaped = "{{\"{{\"}}";

    internal static string Escape(string text) => text.Replace(Braces, Escaped, StringComparison.Ordinal);

    internal static string Unescape(string text) => text.Replace(Escaped, Braces, StringComparison.Ordinal);
}
