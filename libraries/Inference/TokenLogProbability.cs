namespace O1Coder.Inference;

/// <summary>A token and how likely the model holds it.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProbability">Under the model at temperature 1, nothing changed or cut.</param>
public readonly record struct TokenLogProbability(int Token, float LogProbability);
