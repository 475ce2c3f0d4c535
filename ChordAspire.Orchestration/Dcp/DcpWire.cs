namespace Aspire.Hosting.Dcp;

/// <summary>What differs between an executable as we speak of it and as DCP does.</summary>
internal static class DcpWire
{
    internal static DcpExecutable Outgoing(DcpExecutable executable) => MapTexts(executable, TemplateText.Escape);

    internal static DcpExecutable Incoming(DcpExecutable executable)
    {
        DcpExecutable plain = MapTexts(executable, TemplateText.Unescape);

        // "Not looked at yet" arrives as no status, as no state, and as an empty one.
        return plain is { Status: { State: "" } status } ? plain with { Status = status with { State = null } } : plain;
    }

    private static DcpExecutable MapTexts(DcpExecutable executable, Func<string, string> change) => executable with
    {
        Spec = executable.Spec with
        {
            Args = executable.Spec.Args?.Select(change).ToList(),
            Env = executable.Spec.Env?.Select(variable => variable with { Value = variable.Value is { } value ? change(value) : null }).ToList(),
        },
    };
}
