namespace O1Coder.Hosting.Dashboard.Telemetry.GenAi;

/// <summary>A message to a language model, or from it.</summary>
/// <param name="Role">system, user, assistant, tool.</param>
/// <param name="IsOutput">True for what the model wrote.</param>
/// <param name="Parts">What it is made of.</param>
/// <param name="FinishReason">Why the model stopped; empty where it is not told.</param>
public sealed record GenAiMessage(string Role, bool IsOutput, IReadOnlyList<GenAiPart> Parts, string FinishReason);
