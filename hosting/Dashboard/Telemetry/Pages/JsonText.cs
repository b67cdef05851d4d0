using System.Text.Encodings.Web;
using System.Text.Json;

namespace O1Coder.Hosting.Dashboard.Telemetry.Pages;

/// <summary>JSON for people.</summary>
internal static class JsonText
{
    private const int Longest = 200_000;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same object or list in lines; null where it is neither, or too long.</summary>
    public static string? Indent(string text)
    {
        if (text.Length is < 3 or > Longest || text[0] is not ('{' or '['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(document.RootElement, s_indented);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
