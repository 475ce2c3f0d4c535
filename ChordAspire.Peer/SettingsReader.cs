using System.Globalization;

namespace ChordAspire.Peer;

/// <summary>Reads single settings, and gathers what is wrong with them: every error names the setting, its value and what is allowed.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private static readonly (string Name, int Bits)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];

    public List<string> Errors { get; } = [];

    public (string Name, string? Value) Setting(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (configuration[name]?.Trim() is { Length: > 0 } value)
                return (name, value);
        }
        return (names[0], null);
    }

    public int Number(ReadOnlySpan<string> names, int otherwise, int min, int max)
    {
        (string name, string? value) = Setting(names);
        if (value is null)
            return otherwise;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
            return number;
        Errors.Add($"{name} is '{value}'; allowed is a whole number from {min} to {max}.");
        return otherwise;
    }

    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan min, TimeSpan max)
    {
        if (Setting(name).Value is not { } value)
            return otherwise;
        if (TimeSpan.TryParseExact(value, "c", CultureInfo.InvariantCulture, out TimeSpan duration) && duration >= min && duration <= max)
            return duration;
        Errors.Add($"{name} is '{value}'; allowed is a duration hh:mm:ss.fff from {min:c} to {max:c}.");
        return otherwise;
    }

    public bool Flag(string name)
    {
        string? value = Setting(name).Value;
        if (value is null || bool.TryParse(value, out bool flag) && !flag)
            return false;
        if (bool.TryParse(value, out _))
            return true;
        Errors.Add($"{name} is '{value}'; allowed is true or false.");
        return false;
    }

    /// <summary>A number of bytes: plain, or with KiB, MiB, GiB or TiB behind it.</summary>
    public long Bytes(string name, long otherwise, long min, long max)
    {
        if (Setting(name).Value is not { } value)
            return otherwise;
        if (TryParseBytes(value, out long bytes) && bytes >= min && bytes <= max)
            return bytes;
        Errors.Add($"{name} is '{value}'; allowed is a number of bytes from {min} to {max}, such as 1048576 or 64MiB.");
        return otherwise;
    }

    private static bool TryParseBytes(string value, out long bytes)
    {
        int shift = 0;
        ReadOnlySpan<char> number = value;
        foreach ((string unit, int bits) in Units)
        {
            if (!value.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                continue;
            shift = bits;
            number = value.AsSpan(0, value.Length - unit.Length).Trim();
        }
        bool isNumber = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out bytes) && bytes <= long.MaxValue >> shift;
        bytes <<= shift;
        return isNumber;
    }
}
