namespace O1Coder.Policy.OpenAi;

/// <summary>Only sent: asks vLLM or SGLang to load or to forget an adapter.</summary>
/// <param name="LoraName">Its name there.</param>
/// <param name="LoraPath">Its folder on the server's machine; null to forget it.</param>
internal sealed record LoadAdapterRequest(
    string LoraName,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    string? LoraPath = null);
