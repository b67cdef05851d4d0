using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using V1 = O1Coder.Hosting.ResourceService;

namespace Aspire.Hosting.Dashboard;

/// <summary>The states and lines of resources as messages.</summary>
internal static class ResourceMessages
{
    // A line is what a program wrote before a line's end, however far away that is.
    private const int MostCharacters = 64 * 1024;

    /// <summary>One replica.</summary>
    public static V1.Resource Of(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var message = new V1.Resource
        {
            InstanceName = change.ResourceId,
            Name = change.Resource.Name,
            Type = snapshot.ResourceType,
            State = snapshot.State?.Text ?? "",
            StateStyle = Style(snapshot.State?.Style),
            CreatedAt = Time(snapshot.CreationTimeStamp),
            StartedAt = Time(snapshot.StartTimeStamp),
            StoppedAt = Time(snapshot.StopTimeStamp),
            Hidden = snapshot.IsHidden || snapshot.State?.Text == "Hidden",
            IconName = snapshot.IconName ?? "",
            Urls = { snapshot.Urls.Select(Of) },
            Environment =
            {
                snapshot.EnvironmentVariables.Select(variable => new V1.EnvironmentVariable
                {
                    Name = variable.Name,
                    Value = variable.Value ?? "",
                    Secret = variable.IsSecret,
                    FromModel = variable.IsFromSpec,
                }),
            },
            Properties =
            {
                snapshot.Properties.Select(property => new V1.ResourceProperty
                {
                    Name = property.Name,
                    Value = Convert.ToString(property.Value, CultureInfo.InvariantCulture) ?? "",
                    Sensitive = property.IsSensitive,
                }),
            },
            HealthReports = { snapshot.HealthReports.Select(Of) },
            Commands = { snapshot.Commands.Select(Of) },
            Relationships =
            {
                snapshot.Relationships.Select(relationship => new V1.Relationship { ResourceName = relationship.ResourceName, Type = relationship.Type }),
            },
            WaitingFor = { snapshot.WaitingFor },
            LastLines = { snapshot.LastLines.Select(Of) },
        };
        if (snapshot.ExitCode is { } code)
        {
            message.ExitCode = code;
        }

        return message;
    }

    /// <summary>One line.</summary>
    public static V1.ConsoleLine Of(TimedLogLine line) => new()
    {
        Number = line.Line.LineNumber,
        At = Time(line.At),
        Text = line.Line.Content.Length > MostCharacters ? line.Line.Content[..MostCharacters] + " …" : line.Line.Content,
        IsError = line.Line.IsErrorMessage,
    };

    private static V1.ResourceUrl Of(UrlSnapshot url) => new()
    {
        Url = url.Url,
        DisplayText = url.DisplayProperties.DisplayName,
        EndpointName = url.Name ?? "",
        Internal = url.IsInternal,
        Inactive = url.IsInactive,
    };

    private static V1.HealthReport Of(HealthReportSnapshot report) => new()
    {
        Name = report.Name,
        Status = report.Status?.ToString() ?? "",
        Description = report.Description ?? "",
        Exception = report.ExceptionText ?? "",
        LastRunAt = Time(report.LastRunAt),
    };

    private static V1.ResourceCommand Of(ResourceCommandSnapshot command) => new()
    {
        Name = command.Name,
        DisplayName = command.DisplayName,
        Description = command.DisplayDescription ?? "",
        Confirmation = command.ConfirmationMessage ?? "",
        IconName = command.IconName ?? "",
        Highlighted = command.IsHighlighted,
        State = command.State switch
        {
            ResourceCommandState.Enabled => V1.CommandState.Enabled,
            ResourceCommandState.Disabled => V1.CommandState.Disabled,
            _ => V1.CommandState.Hidden,
        },
    };

    // Aspire's word is "warn".
    private static string Style(string? style) => style == KnownResourceStateStyles.Warn ? "warning" : style ?? "";

    private static Timestamp? Time(DateTime? time) => time is { } value ? Timestamp.FromDateTime(DateTime.SpecifyKind(value, DateTimeKind.Utc)) : null;
}
