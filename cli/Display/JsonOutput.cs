using System.Text.Encodings.Web;
using System.Text.Json;

namespace O1Coder.Cli.Display;

/// <summary>How JSON is written for other programs: snake_case names, one object, readable characters.</summary>
internal static class JsonOutput
{
    /// <summary>The options; control characters are still escaped.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
