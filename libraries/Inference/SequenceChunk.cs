namespace O1Coder.Inference;

/// <summary>New tokens of one sequence.</summary>
/// <param name="Sequence">Which sequence, from 0.</param>
/// <param name="Tokens">The new token ids.</param>
/// <param name="Text">Text that has become certain; never part of a stop string or of a split character.</param>
/// <param name="SamplingLogProbabilities">
/// One a token if asked for, else empty: under the distribution it was drawn from, after bias, penalty, constraint, temperature
/// and truncation; 0 for greedy and for a forced prefix.
/// </param>
/// <param name="ModelLogProbabilities">One a token: under the model at temperature 1, nothing cut.</param>
public sealed record SequenceChunk(
    int Sequence,
    IReadOnlyList<int> Tokens,
    string Text,
    IReadOnlyList<float> SamplingLogProbabilities,
    IReadOnlyList<float> ModelLogProbabilities) : GenerationEvent
{
    /// <summary>
    /// One a token if asked for, else empty: the likeliest tokens at its position under the model, the likeliest first.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<TokenLogProbability>> TopLogProbabilities { get; init; } = [];
}
