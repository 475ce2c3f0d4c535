using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Names of processes: the resource's name and eight random letters, so that two runs are never mistaken for each other.</summary>
internal static class InstanceNames
{
    private const int SuffixLength = 8;

    internal static void Give(IResource resource)
    {
        string suffix = Suffix();
        resource.Annotations.Add(new InstanceAnnotation($"{resource.Name}-{suffix}", suffix));
    }

    internal static string Suffix() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", SuffixLength);
}
