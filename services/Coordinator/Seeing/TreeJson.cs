using System.Text.Json;

namespace O1Coder.Coordinator.Seeing;

/// <summary>How tree.json is written: snake_case names, one object on one line.</summary>
internal static class TreeJson
{
    // The default encoder also escapes <, > and &, so that the text may stand inside a script element as it is.
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The document's text; it holds no character that HTML gives a meaning to.</summary>
    public static string Of(TreeDocument document) => JsonSerializer.Serialize(document, s_options);
}
