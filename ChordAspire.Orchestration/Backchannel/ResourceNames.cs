using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Backchannel;

internal static class ResourceNames
{
    /// <summary>The tool takes both: the resource's own name, and the instance's.</summary>
    internal static bool IsCalled(this IResource resource, string name) =>
        string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(resource.InstanceName(), name, StringComparison.OrdinalIgnoreCase);
}
