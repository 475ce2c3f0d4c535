using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One thing that the application consists of: a name and what has been said about it.</summary>
public interface IResource
{
    public string Name { get; }

    public ResourceAnnotationCollection Annotations { get; }
}

/// <summary>Something said about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>All that has been said about one resource, oldest first.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Base of every resource.</summary>
public abstract class Resource : IResource
{
    protected Resource(string name)
    {
        ModelName.Validate("Resource", name);
        Name = name;
    }

    public virtual string Name { get; }

    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithArgs : IResource;

public interface IResourceWithEndpoints : IResource;

/// <summary>May be told to wait for another resource before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;
