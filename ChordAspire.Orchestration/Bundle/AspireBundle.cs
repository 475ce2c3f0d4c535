namespace Aspire.Hosting.Bundle;

/// <summary>Where Aspire's orchestrator (DCP) and its dashboard are on this machine.</summary>
/// <param name="DcpPath">The program <c>dcp</c>, absolute.</param>
/// <param name="DashboardPath">The program <c>aspire-managed</c> (or another dashboard the user named), absolute.</param>
/// <param name="Version">The pinned version, or <see cref="NamedTools.UnknownVersion"/> when the user named the files.</param>
internal sealed record AspireBundle(string DcpPath, string DashboardPath, string Version);
