namespace Aspire.Hosting.Bundle;

/// <summary>A package of the npm registry, and what to tell whoever cannot get it.</summary>
/// <param name="Spec">Name and version, as npm takes them.</param>
/// <param name="Holds">What it is fetched for.</param>
/// <param name="Otherwise">What to do without it: "set …", "install …".</param>
/// <param name="Megabytes">The room it takes on the disk while it is unpacked.</param>
internal sealed record NpmPackage(string Spec, string Holds, string Otherwise, int Megabytes);
