namespace O1Coder.Coordinator;

/// <summary>One sequence that the model wrote.</summary>
/// <param name="Text">Its text, without the stop string.</param>
/// <param name="Tokens">Its tokens, with those of the stop string.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Stop">The stop string that ended it; empty for none.</param>
/// <param name="LogProbability">The sum of its tokens' log-probabilities under the model, nothing changed or cut.</param>
internal sealed record Continuation(string Text, IReadOnlyList<int> Tokens, V1.FinishReason Reason, string Stop, double LogProbability);
