namespace O1Coder.Policy.OpenAi;

/// <summary>The models that requests may name: <c>GET /v1/models</c>.</summary>
/// <param name="Object">"list".</param>
/// <param name="Data">The model, then its adapters.</param>
internal sealed record ModelList(string? Object, IReadOnlyList<ModelCard>? Data);
