namespace Aspire.Hosting;

/// <summary>What the AppHost is doing. This host runs applications; it does not publish them.</summary>
public enum DistributedApplicationOperation
{
    Run = 0,
    Publish = 1,
}

/// <summary>The run that callbacks are part of.</summary>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    private IServiceProvider? _services;

    public DistributedApplicationOperation Operation { get; } = operation;

    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>Known once the application has been built.</summary>
    public IServiceProvider Services => _services ?? throw new InvalidOperationException("The application has not been built yet.");

    internal void Use(IServiceProvider services) => _services = services;
}
