namespace O1Coder.Problems.Training;

/// <summary>One message of a chat prompt.</summary>
/// <param name="Role">"system", "user" or "assistant".</param>
/// <param name="Content">The text.</param>
public sealed record PromptMessage(string Role, string Content);
