using System.Net;

namespace Aspire.Hosting.Dcp;

/// <summary>DCP refused something, or is not there. The message says what was asked and what it answered.</summary>
internal sealed class DcpException : Exception
{
    public DcpException(string message)
        : base(message)
    {
    }

    public DcpException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The status it answered with, or null when it did not answer.</summary>
    public HttpStatusCode? StatusCode { get; init; }
}
