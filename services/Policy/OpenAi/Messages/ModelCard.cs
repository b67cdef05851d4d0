using System.Text.Json.Serialization;

namespace O1Coder.Policy.OpenAi;

/// <summary>A model that requests may name: <c>GET /v1/models/ID</c>. From the fifth on the fields are vLLM's, but the last.</summary>
internal sealed record ModelCard
{
    /// <summary>The name.</summary>
    public string? Id { get; init; }

    /// <summary>"model".</summary>
    public string? Object { get; init; }

    /// <summary>Unix time in seconds.</summary>
    public long? Created { get; init; }

    /// <summary>Who serves it: "o1coder", "vllm", "sglang", "llamacpp".</summary>
    public string? OwnedBy { get; init; }

    /// <summary>The longest sequence, prompt and answer together, in tokens.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxModelLen { get; init; }

    /// <summary>Of an adapter, the model that it is for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Parent { get; init; }

    /// <summary>Where it was read from.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Root { get; init; }

    /// <summary>Of an adapter, its version. A field of this project's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }
}
