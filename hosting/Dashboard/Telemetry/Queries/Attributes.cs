using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>Looking things up in attributes.</summary>
internal static class Attributes
{
    /// <summary>The value of this name; null where there is none.</summary>
    public static string? Find(IReadOnlyList<TelemetryAttribute> attributes, string key)
    {
        for (var index = 0; index < attributes.Count; index++)
        {
            if (attributes[index].Key == key)
            {
                return attributes[index].Value;
            }
        }

        return null;
    }
}
