namespace Aspire.Hosting.ApplicationModel;

/// <summary>For whom, and in which run, a value is wanted.</summary>
public class ValueProviderContext
{
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    public IResource? Caller { get; init; }
}

/// <summary>A value that may become known only while the application starts.</summary>
public interface IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}

/// <summary>A value that can be written down before it is known.</summary>
public interface IManifestExpressionProvider
{
    public string ValueExpression { get; }
}

/// <summary>A value made of, or pointing at, resources.</summary>
public interface IValueWithReferences
{
    public IEnumerable<object> References { get; }
}

/// <summary>Usable wherever a deferred value is.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
