using Likely = O1Coder.Inference.TokenLogProbability;

namespace O1Coder.Policy.Remote;

/// <summary>A token of an answer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="LogProbability">What the server tells of it; NaN for nothing.</param>
/// <param name="SamplingLogProbability">As it was drawn, where the server tells that apart; else NaN.</param>
/// <param name="Likeliest">The likeliest tokens at its place, the likeliest first; null where the server tells none.</param>
internal readonly record struct RemoteToken(
    int Id,
    float LogProbability = float.NaN,
    float SamplingLogProbability = float.NaN,
    IReadOnlyList<Likely>? Likeliest = null);
