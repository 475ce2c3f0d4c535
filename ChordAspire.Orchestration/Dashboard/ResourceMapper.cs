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
            IsHidden = snapshot.IsHidden,
            SupportsDetailedTelemetry = seen.Resource.HasAnnotationOfType<OtlpExporterAnnotation>(),
            CreatedAt = Time(snapshot.CreationTimeStamp),
            StartedAt = Time(snapshot.StartTimeStamp),
            StoppedAt = Time(snapshot.StopTimeStamp),
        };
        if (snapshot.State is { } state)
        {
            resource.State = state.Text;
            if (state.Style is not null)
                resource.StateStyle = state.Style;
        }

        if (snapshot.IconName is not null)
        {
            resource.IconName = snapshot.IconName;
            resource.IconVariant = Variant(snapshot.IconVariant ?? ApplicationModel.IconVariant.Filled);
        }

        resource.Environment.AddRange(snapshot.EnvironmentVariables.Select(Map));
        resource.Properties.AddRange(snapshot.Properties.Select(Map));
        resource.Urls.AddRange(snapshot.Urls.Select(Map));
        resource.Commands.AddRange(snapshot.Commands.Select(Map));
        resource.HealthReports.AddRange(snapshot.HealthReports.Select(Map));
        resource.Relationships.AddRange(
            snapshot.Relationships.Select(line => new ResourceRelationship { ResourceName = line.ResourceName, Type = line.Type }));
        return resource;
    }

    private EnvironmentVariable Map(EnvironmentVariableSnapshot variable)
    {
        var mapped = new EnvironmentVariable { Name = variable.Name, IsFromSpec = variable.IsFromSpec };
        if (variable.Value is { } value)
            mapped.Value = mask.Hide(value);
        return mapped;
    }

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
        bool truth => Value.ForBool(truth),
        int or long or double or float or short or byte => Value.ForNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IEnumerable<string> texts => Value.ForList([.. texts.Select(Value.ForString)]),
        _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
