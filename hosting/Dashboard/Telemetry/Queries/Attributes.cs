using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>Looking things up in attributes.</summary>
internal static class Attributes
{
    /// <summary>The value of this name; null where there is none.</summary>
    public static string? Find(TelemetryAttribute[] attributes, string key)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Key == key)
            {
                return attribute.Value;
            }
        }

        return null;
    }
}
