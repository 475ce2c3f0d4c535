namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a program resource runs, and where.</summary>
public sealed class ExecutableAnnotation : IResourceAnnotation
{
    public required string Command { get; set; }

    public required string WorkingDirectory { get; set; }
}

/// <summary>A program started as it is.</summary>
public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public ExecutableResource(string name, string command, string workingDirectory)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        Annotations.Add(new ExecutableAnnotation { Command = command, WorkingDirectory = workingDirectory });
    }

    public string Command => Said.Command;

    public string WorkingDirectory => Said.WorkingDirectory;

    private ExecutableAnnotation Said => Annotations.OfType<ExecutableAnnotation>().Last();
}
