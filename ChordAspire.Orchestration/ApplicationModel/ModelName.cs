namespace Aspire.Hosting.ApplicationModel;

/// <summary>The parameter is the name of a resource.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ResourceNameAttribute : Attribute;

/// <summary>The parameter is the name of an endpoint.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EndpointNameAttribute : Attribute;

/// <summary>Aspire's rule for names: 1 to 64 ASCII letters, digits and single hyphens, a letter first, no hyphen last.</summary>
internal static class ModelName
{
    private const int LengthMax = 64;

    internal static void Validate(string what, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Fault(name) is { } fault)
            throw new ArgumentException($"{what} name '{name}' is invalid: {fault}.", nameof(name));
    }

    private static string? Fault(string name)
    {
        if (name.Length > LengthMax)
            return $"it has {name.Length} characters, at most {LengthMax} are allowed";
        if (!char.IsAsciiLetter(name[0]))
            return "it must start with an ASCII letter";
        if (name[^1] == '-')
            return "it must not end with a hyphen";
        if (name.Contains("--", StringComparison.Ordinal))
            return "it must not contain two hyphens in a row";
        return name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            ? null
            : "only ASCII letters, digits and hyphens are allowed";
    }
}
