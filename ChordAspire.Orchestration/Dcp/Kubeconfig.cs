using System.Net;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// The address and the bearer token that DCP wrote down for its clients. Two of the keys of a file whose one writer puts each on a line
/// of its own: a YAML library would bring a package for two lines. The certificate in it is passed over; we made it ourselves and trust
/// our own copy.
/// </summary>
internal sealed record Kubeconfig(Uri Server, string Token)
{
    // A record prints its members; this one ends up in a log sooner or later.
    public override string ToString() => $"Kubeconfig {{ Server = {Server} }}";

    /// <summary>Null while the file is incomplete: it is read while DCP may still be writing it.</summary>
    internal static Kubeconfig? TryParse(string text)
    {
        // A last line without its end may be half a token.
        if (!text.EndsWith('\n'))
            return null;

        string? server = Value(text, "server:");
        string? token = Value(text, "token:");
        if (server is null || token is null || !Uri.TryCreate(server, UriKind.Absolute, out Uri? address))
            return null;

        return IsLoopback(address)
            ? new Kubeconfig(address, token)
            : throw new DcpException($"The orchestrator listens at {address}, which is not on this machine alone. It is not used.");
    }

    private static bool IsLoopback(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps
        && (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip)));

    private static string? Value(string text, string key)
    {
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.TrimStart(' ', '-').TrimEnd();
            if (!trimmed.StartsWith(key, StringComparison.Ordinal))
                continue;

            string value = trimmed[key.Length..].Trim().Trim('"', '\'');
            if (value.Length > 0)
                return value;
        }

        return null;
    }
}
