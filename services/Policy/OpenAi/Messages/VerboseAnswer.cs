namespace O1Coder.Policy.OpenAi;

/// <summary>What llama.cpp tells beside an answer.</summary>
/// <param name="Tokens">All tokens that were drawn.</param>
/// <param name="StopType">Why the answer ended: "eos", "word" or "limit".</param>
/// <param name="StoppingWord">The stop string that ended it, or empty.</param>
internal sealed record VerboseAnswer(
    IReadOnlyList<int>? Tokens = null, string? StopType = null, string? StoppingWord = null);
