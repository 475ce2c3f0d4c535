using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf.WellKnownTypes;
using HealthStatus = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;

namespace Aspire.Hosting.Dashboard;

/// <summary>A resource as the dashboard wants it.</summary>
internal sealed class ResourceMapper(SecretMask mask)
{
    internal Wire.Resource Map(ResourceEvent seen)
    {
        CustomResourceSnapshot snapshot = seen.Snapshot;
        var resource = new Wire.Resource
        {
            Name = seen.ResourceId,
            DisplayName = seen.Resource.Name,
            Uid = seen.ResourceId,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text ?? "",
            StateStyle = snapshot.State?.Style ?? "",
            IsHidden = snapshot.IsHidden,
            CreatedAt = Time(snapshot.CreationTimeStamp),
            StartedAt = Time(snapshot.StartTimeStamp),
            StoppedAt = Time(snapshot.StopTimeStamp),
        };
        if (snapshot.IconName is not null)
        {
            resource.IconName = snapshot.IconName;
            resource.IconVariant = Variant(snapshot.IconVariant ?? ApplicationModel.IconVariant.Filled);
        }

        resource.Environment.AddRange(snapshot.EnvironmentVariables.Select(Map));
        resource.Properties.AddRange(OfEveryResource(seen).Concat(snapshot.Properties.Select(Map)));
        resource.Urls.AddRange(snapshot.Urls.Select(Map));
        resource.Commands.AddRange(snapshot.Commands.Select(Map));
        resource.HealthReports.AddRange(snapshot.HealthReports.Select(Map));
        resource.Relationships.AddRange(
            snapshot.Relationships.Select(line => new ResourceRelationship { ResourceName = line.ResourceName, Type = line.Type }));
        return resource;
    }

    /// <summary>What the details of any resource begin with. The dashboard knows these by name, and how to show them.</summary>
    private static IEnumerable<ResourceProperty> OfEveryResource(ResourceEvent seen)
    {
        CustomResourceSnapshot snapshot = seen.Snapshot;
        return
        [
            Known("uid", seen.ResourceId),
            Known("name", seen.ResourceId),
            Known("type", snapshot.ResourceType),
            Known("displayName", seen.Resource.Name),
            Known("state", snapshot.State?.Text),
            Known("exitCode", snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture)),
            Known("createTime", RoundTrip(snapshot.CreationTimeStamp)),
            Known("startTime", RoundTrip(snapshot.StartTimeStamp)),
            Known("stopTime", RoundTrip(snapshot.StopTimeStamp)),
            Known("healthState", snapshot.HealthStatus?.ToString()),
        ];

        static ResourceProperty Known(string name, string? value) =>
            new() { Name = $"resource.{name}", Value = ValueOf(value), IsSensitive = false };

        static string? RoundTrip(DateTime? time) => time?.ToString("O", CultureInfo.InvariantCulture);
    }

    private EnvironmentVariable Map(EnvironmentVariableSnapshot variable) => new()
    {
        Name = variable.Name,
        Value = mask.Hide(variable.Value ?? ""),
        IsFromSpec = variable.IsFromSpec,
    };

    private static ResourceProperty Map(ResourcePropertySnapshot property)
    {
        var mapped = new ResourceProperty
        {
            Name = property.Name,
            Value = ValueOf(property.Value),
            IsSensitive = property.IsSensitive,
            IsHighlighted = property.IsHighlighted,
        };
        if (property.DisplayName is not null)
            mapped.DisplayName = property.DisplayName;
        if (property.SortOrder is { } order)
            mapped.SortOrder = order;
        return mapped;
    }

    private static Url Map(UrlSnapshot url)
    {
        var mapped = new Url
        {
            FullUrl = url.Url,
            IsInternal = url.IsInternal,
            IsInactive = url.IsInactive,
            DisplayProperties = new UrlDisplayProperties
            {
                DisplayName = url.DisplayProperties.DisplayName,
                SortOrder = url.DisplayProperties.SortOrder,
            },
        };
        if (url.Name is not null)
            mapped.EndpointName = url.Name;
        return mapped;
    }

    private static ResourceCommand Map(ResourceCommandSnapshot command)
    {
        var mapped = new ResourceCommand
        {
            Name = command.Name,
            DisplayName = command.DisplayName,
            IsHighlighted = command.IsHighlighted,
            State = (Wire.ResourceCommandState)command.State,
        };
        if (command.DisplayDescription is not null)
            mapped.DisplayDescription = command.DisplayDescription;
        if (command.ConfirmationMessage is not null)
            mapped.ConfirmationMessage = command.ConfirmationMessage;
        if (command.IconName is not null)
            mapped.IconName = command.IconName;
        if (command.IconVariant is { } variant)
            mapped.IconVariant = Variant(variant);
        return mapped;
    }

    private static HealthReport Map(HealthReportSnapshot report)
    {
        var mapped = new HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = Time(report.LastRunAt),
        };
        if (report.Status is { } status)
        {
            mapped.Status = status switch
            {
                HealthStatus.Healthy => Wire.HealthStatus.Healthy,
                HealthStatus.Degraded => Wire.HealthStatus.Degraded,
                _ => Wire.HealthStatus.Unhealthy,
            };
        }

        return mapped;
    }

    private static Wire.IconVariant Variant(ApplicationModel.IconVariant variant) =>
        variant == ApplicationModel.IconVariant.Filled ? Wire.IconVariant.Filled : Wire.IconVariant.Regular;

    private static Timestamp? Time(DateTime? time) => time is { } known ? Timestamp.FromDateTime(known) : null;

    private static Value ValueOf(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        int number => Value.ForNumber(number),
        IEnumerable<string> texts => Value.ForList([.. texts.Select(Value.ForString)]),
        IEnumerable<int> numbers => Value.ForList([.. numbers.Select(number => Value.ForNumber(number))]),
        _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
