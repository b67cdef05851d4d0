using O1Coder.Inference;

namespace O1Coder.Policy.Remote;

/// <summary>
/// What a kind of server would ignore or do otherwise than the engine's contract says: it is refused, as an answer would not
/// tell.
/// </summary>
internal static class RemoteLimits
{
    private const string Instead = "or a local model";

    /// <summary>What of a request cannot be passed on, to follow the server's name; null for nothing.</summary>
    public static string? Find(ServerAbilities abilities, GenerationRequest request)
    {
        var (kind, sampling) = (abilities.Kind, request.Sampling);
        return request.ForcedPrefix.Length > 0 ? $"takes no forced_prefix: expected none, {Instead}"
            : sampling.MinP > 0 && kind == ServerKind.Unknown
                ? $"is of no known kind, and may ignore min_p: expected 0, {Instead}"
            : sampling.RepetitionPenalty != 1 && kind is not (ServerKind.Vllm or ServerKind.Policy)
                ? $"is not known to count all tokens for repetition_penalty: expected 1, vLLM, {Instead}"
            : sampling.TopLogProbabilities > 0 && !TellsLikeliest(abilities)
                ? $"tells no ids of the likeliest tokens: expected top_log_probabilities 0, vLLM, llama.cpp, {Instead}"
            : sampling.Constraint is not null && kind == ServerKind.Unknown
                ? $"is of no known kind, and may ignore a constraint: expected none, {Instead}"
            : sampling.Constraint is { Kind: ConstraintKind.Regex } && kind == ServerKind.LlamaCpp
                ? $"takes no regular expression: expected a grammar, {Instead}"
            : null;
    }

    private static bool TellsLikeliest(ServerAbilities abilities) => abilities is
    {
        TellsLogProbabilities: true,
        Kind: ServerKind.Vllm or ServerKind.LlamaCpp or ServerKind.Policy,
    };
}
