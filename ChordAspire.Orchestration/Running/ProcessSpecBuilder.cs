using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Works out, at each start anew, what to run: program, folder, arguments, environment.</summary>
internal sealed class ProcessSpecBuilder(DistributedApplicationExecutionContext execution)
{
    private const string FirstArgsAnnotation = "args-before-the-apphosts";

    /// <summary>How many arguments only bring the program up (<c>dotnet peer.dll</c>); those after them are the AppHost's.</summary>
    internal static int ArgsBeforeTheAppHosts(DcpExecutable executable) =>
        int.Parse(executable.Metadata.Annotations?.GetValueOrDefault(FirstArgsAnnotation) ?? "0", CultureInfo.InvariantCulture);

    internal async Task<DcpExecutable> BuildAsync(IResource resource, ILogger console, CancellationToken cancellationToken)
    {
        (string command, string folder, IReadOnlyList<string> first) = await ProgramAsync(resource, cancellationToken);
        InstanceAnnotation instance = resource.Annotations.OfType<InstanceAnnotation>().Last();
        return new DcpExecutable
        {
            Metadata = new DcpMetadata
            {
                Name = instance.Name,
                Annotations = new Dictionary<string, string>
                {
                    ["resource-name"] = resource.Name,
                    ["otel-service-name"] = resource.Name,
                    ["otel-service-instance-id"] = instance.Suffix,
                    [FirstArgsAnnotation] = first.Count.ToString(CultureInfo.InvariantCulture),
                },
            },
            Spec = new DcpExecutableSpec
            {
                ExecutablePath = command,
                WorkingDirectory = folder,
                Args = [.. first, .. await ArgumentsAsync(resource, console, cancellationToken)],
                Env = await EnvironmentAsync(resource, console, cancellationToken),
            },
        };
    }

    private static async Task<(string Command, string Folder, IReadOnlyList<string> First)> ProgramAsync(
        IResource resource, CancellationToken cancellationToken)
    {
        if (resource is ExecutableResource executable)
            return (executable.Command, executable.WorkingDirectory, []);
        IProjectMetadata project = ((ProjectResource)resource).GetProjectMetadata();
        (string command, string[] args) = await ProjectOutput.FindAsync(project, cancellationToken);
        return (command, Path.GetDirectoryName(project.ProjectPath)!, args);
    }

    private async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, ILogger console, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = execution, Logger = console };
        foreach (CommandLineArgsCallbackAnnotation said in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await said.Callback(context);
        var args = new List<string>(context.Args.Count);
        foreach (object arg in context.Args)
            args.Add(await TextAsync(arg, resource, "an argument", cancellationToken) ?? "");
        return args;
    }

    private async Task<IReadOnlyList<DcpEnvironmentVariable>> EnvironmentAsync(
        IResource resource, ILogger console, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken) { Logger = console };
        foreach (EnvironmentCallbackAnnotation said in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await said.Callback(context);
        var variables = new List<DcpEnvironmentVariable>(context.EnvironmentVariables.Count);
        foreach ((string name, object value) in context.EnvironmentVariables)
            variables.Add(new DcpEnvironmentVariable(name, await TextAsync(value, resource, $"environment variable '{name}'", cancellationToken)));
        return variables;
    }

    private async Task<string?> TextAsync(object? value, IResource resource, string what, CancellationToken cancellationToken) => value switch
    {
        null => null,
        string text => text,
        IValueProvider deferred => await deferred.GetValueAsync(
            new ValueProviderContext { Caller = resource, ExecutionContext = execution }, cancellationToken),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        bool truth => truth ? bool.TrueString : bool.FalseString,
        _ => throw new DistributedApplicationException(
            $"Resource '{resource.Name}' has a {value.GetType().Name} as {what}; it must be a text or a deferred value."),
    };
}
