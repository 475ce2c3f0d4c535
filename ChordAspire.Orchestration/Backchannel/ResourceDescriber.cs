using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Backchannel;

/// <summary>Resources in the words of the tool, without secrets.</summary>
internal sealed class ResourceDescriber(SecretMask mask)
{
    /// <param name="seen">The resource at one moment.</param>
    /// <param name="plain">For a tool from before <c>aux.v3</c>: each property as one text, lists with commas.</param>
    internal ResourceAnswer Describe(ResourceEvent seen, bool plain)
    {
        CustomResourceSnapshot snapshot = seen.Snapshot;
        return new ResourceAnswer
        {
            Name = seen.ResourceId,
            DisplayName = seen.Resource.Name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text,
            StateStyle = snapshot.State?.Style,
            HealthStatus = snapshot.HealthStatus?.ToString(),
            ExitCode = snapshot.ExitCode,
            CreatedAt = snapshot.CreationTimeStamp,
            StartedAt = snapshot.StartTimeStamp,
            StoppedAt = snapshot.StopTimeStamp,
            IsHidden = snapshot.IsHidden,
            Urls = [.. snapshot.Urls.Where(url => !url.IsInactive && url.Url.Length > 0).Select(Describe)],
            Relationships = [.. snapshot.Relationships.Select(line => new RelationshipAnswer(line.ResourceName, line.Type))],
            HealthReports =
            [
                .. snapshot.HealthReports
                    .Select(report => new HealthAnswer(report.Name, report.Status?.ToString(), report.Description, report.ExceptionText)),
            ],
            EnvironmentVariables =
            [
                .. snapshot.EnvironmentVariables.Select(variable =>
                    new EnvironmentAnswer(variable.Name, variable.Value is { } value ? mask.Hide(value) : null, variable.IsFromSpec)),
            ],
            Properties = snapshot.Properties.GroupBy(property => property.Name)
                .ToDictionary(named => named.Key, named => PropertyValue.Of(named.Last(), mask, plain)),
            Commands =
            [
                .. snapshot.Commands
                    .Select(command => new CommandAnswer(command.Name, command.DisplayName, command.DisplayDescription, command.State.ToString())),
            ],
        };
    }

    private static UrlAnswer Describe(UrlSnapshot url)
    {
        string? shown = url.DisplayProperties.DisplayName is { Length: > 0 } name ? name : null;
        return new UrlAnswer(url.Name ?? "default", url.Url, url.IsInternal, new UrlDisplayAnswer(shown, url.DisplayProperties.SortOrder));
    }
}
