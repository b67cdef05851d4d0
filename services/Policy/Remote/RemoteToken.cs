namespace O1Coder.Policy.Remote;

/// <summary>A token of an answer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="LogProbability">What the server tells of it; NaN for nothing.</param>
/// <param name="SamplingLogProbability">As it was drawn, where the server tells that apart; else NaN.</param>
internal readonly record struct RemoteToken(int Id, float LogProbability = float.NaN, float SamplingLogProbability = float.NaN);
