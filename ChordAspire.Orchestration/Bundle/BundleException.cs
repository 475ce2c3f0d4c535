namespace Aspire.Hosting.Bundle;

/// <summary>The tools cannot be had. The message is written for the person at the keyboard and says what to do next.</summary>
internal sealed class BundleException : Exception
{
    public BundleException(string message)
        : base(message)
    {
    }

    public BundleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
