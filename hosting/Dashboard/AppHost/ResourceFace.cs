using O1Coder.Hosting.Dashboard.Components.Shared;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>How a resource is shown: its state in a word, an icon and a colour, its health, its source.</summary>
internal static class ResourceFace
{
    /// <summary>The property that holds a parameter's value, as Aspire names it.</summary>
    public const string ValueProperty = "Value";

    /// <summary>The type of parameters.</summary>
    public const string ParameterType = "Parameter";

    /// <summary>Its state in words.</summary>
    public static string State(Resource resource) => resource.State switch
    {
        "" => "Unknown",
        "NotStarted" => "Not started",
        "FailedToStart" => "Failed to start",
        "RuntimeUnhealthy" => "Runtime unhealthy",
        "ValueMissing" => "Value missing",
        "Running" when Health(resource) is HealthWord.Unhealthy => "Running (unhealthy)",
        "Running" when Health(resource) is HealthWord.Degraded => "Running (degraded)",
        "Exited" when resource.HasExitCode => $"Exited ({resource.ExitCode})",
        var state => state,
    };

    /// <summary>Its colour and icon.</summary>
    public static (Tone Tone, string Icon) Look(Resource resource) => (resource.State, resource.StateStyle) switch
    {
        ("Waiting", _) => (Tone.Info, "clock"),
        ("Starting" or "Building" or "Stopping", _) => (Tone.Info, "progress"),

        // Whatever colour its state was given: its health is worse.
        ("Running", _) when Health(resource) is HealthWord.Unhealthy or HealthWord.Degraded => (Tone.Warn, "warning"),
        (_, "success") => (Tone.Ok, "check-circle"),
        (_, "warning") => (Tone.Warn, "warning"),
        (_, "error") => (Tone.Bad, "error"),
        (_, "info") => (Tone.Info, "info"),
        ("Running", _) when Health(resource) is HealthWord.Checking => (Tone.Info, "progress"),
        ("Running" or "Active", _) => (Tone.Ok, "check-circle"),
        ("FailedToStart", _) => (Tone.Bad, "error"),
        ("RuntimeUnhealthy" or "ValueMissing", _) => (Tone.Warn, "warning"),
        ("Exited", _) when resource.HasExitCode && resource.ExitCode != 0 => (Tone.Bad, "error"),
        ("Exited", _) => (Tone.Soft, "stopped"),
        ("Finished", _) => (Tone.Soft, "check-circle"),
        _ => (Tone.Soft, "circle"),
    };

    /// <summary>The worst of its reports; <see cref="HealthWord.None"/> unless it runs.</summary>
    public static HealthWord Health(Resource resource)
    {
        if (resource.State is not ("Running" or "RuntimeUnhealthy"))
        {
            return HealthWord.None;
        }

        var worst = HealthWord.Healthy;
        foreach (var report in resource.HealthReports)
        {
            var word = Word(report);
            worst = word > worst ? word : worst;
        }

        return worst;
    }

    /// <summary>What one report says.</summary>
    public static HealthWord Word(HealthReport report) => report.Status switch
    {
        "Healthy" => HealthWord.Healthy,
        "Degraded" => HealthWord.Degraded,
        "Unhealthy" => HealthWord.Unhealthy,
        _ => HealthWord.Checking,
    };

    /// <summary>A health's colour and icon.</summary>
    public static (Tone Tone, string Icon) Look(HealthWord health) => health switch
    {
        HealthWord.Healthy => (Tone.Ok, "check-circle"),
        HealthWord.Checking => (Tone.Info, "progress"),
        HealthWord.Degraded => (Tone.Warn, "warning"),
        HealthWord.Unhealthy => (Tone.Bad, "error"),
        _ => (Tone.Soft, "circle"),
    };

    /// <summary>What it is made from: a project's file, a program with its arguments; and the whole of it.</summary>
    public static (string Short, string Whole) Source(Resource resource)
    {
        if (Property(resource, "project.path") is { Length: > 0 } project)
        {
            return (Path.GetFileName(project), project);
        }

        if (Property(resource, "executable.path") is { Length: > 0 } program)
        {
            var arguments = Property(resource, "executable.args") ?? "";
            return ($"{Path.GetFileName(program)} {arguments}".TrimEnd(), $"{program} {arguments}".TrimEnd());
        }

        var other = Property(resource, "container.image") ?? Property(resource, "resource.source") ?? "";
        return (other, other);
    }

    /// <summary>The icon of its type, or its own.</summary>
    public static string Icon(Resource resource) => IconShapes.Find(resource.IconName) ?? resource.Type switch
    {
        "Project" => "project",
        "Executable" => "executable",
        ParameterType => "key",
        "ConnectionString" or "ExternalService" => "link",
        "Redis" or "Garnet" or "Container" => "database",
        "Tool" or "DotnetTool" => "tool",
        _ => "resources",
    };

    /// <summary>A property's value, null where it has none of that name.</summary>
    public static string? Property(Resource resource, string name) =>
        resource.Properties.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>The CSS class of a colour.</summary>
    public static string Css(Tone tone) => tone switch
    {
        Tone.Ok => "tone-ok",
        Tone.Info => "tone-info",
        Tone.Warn => "tone-warn",
        Tone.Bad => "tone-bad",
        _ => "tone-soft",
    };

    /// <summary>The icon of a command.</summary>
    public static string Icon(ResourceCommand command) => command.Name switch
    {
        "start" or "resource-start" => "play",
        "stop" or "resource-stop" => "stop",
        "restart" or "resource-restart" => "restart",
        "rebuild" or "resource-rebuild" => "tool",
        _ => IconShapes.Find(command.IconName) ?? "sparkle",
    };
}
