using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Can be found by others through service discovery.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
