namespace O1Coder.Policy.Remote;

/// <summary>What a server can do, as <see cref="ServerProbe"/> found by asking it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Model">The model's name there.</param>
/// <param name="ContextLength">The longest sequence there, in tokens; null where it does not say.</param>
/// <param name="TakesTokens">Whether a prompt may be token ids.</param>
/// <param name="TellsTokens">Whether answers come with token ids, also as a stream.</param>
/// <param name="TellsLogProbabilities">Whether answers may come with log-probabilities.</param>
/// <param name="ScoringTokens">
/// How many tokens have to be drawn to have a prompt's own scored, 1 or 0; null where that is not served.
/// </param>
internal sealed record ServerAbilities(
    ServerKind Kind,
    string Model,
    int? ContextLength,
    bool TakesTokens,
    bool TellsTokens,
    bool TellsLogProbabilities,
    int? ScoringTokens)
{
    /// <summary>In words, for the log.</summary>
    public override string ToString() =>
        $"{Kind}, model {Model}; prompts as {(TakesTokens ? "tokens" : "text")}, answers as {(TellsTokens ? "tokens" : "text")}, " +
        $"log-probabilities {(TellsLogProbabilities ? "yes" : "no")}, scores {(ScoringTokens is null ? "no" : "yes")}";
}
