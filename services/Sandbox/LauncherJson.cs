using System.Text.Json;

namespace O1Coder.Sandbox;

/// <summary>The JSON between the service and its launcher: snake_case.</summary>
internal static class LauncherJson
{
    /// <summary>The options of both directions.</summary>
    public static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
