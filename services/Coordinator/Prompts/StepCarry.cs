namespace O1Coder.Coordinator;

/// <summary>What a step's children need to know of it.</summary>
/// <param name="Tokens">All tokens that the model read and wrote up to the step's end.</param>
/// <param name="EndedBy">The stop string that ended it, which is among the tokens; empty for none.</param>
internal sealed record StepCarry(IReadOnlyList<int> Tokens, string EndedBy);
