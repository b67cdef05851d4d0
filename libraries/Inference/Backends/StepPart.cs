namespace O1Coder.Inference.Backends;

/// <summary>What a step adds to one sequence: a chunk of a prompt, or tokens that were drawn or guessed.</summary>
/// <param name="Sequence">The sequence; a step has it once.</param>
/// <param name="FirstToken">Its first token's index among the step's tokens.</param>
/// <param name="Count">Its tokens, at least one.</param>
internal readonly record struct StepPart(KvSequence Sequence, int FirstToken, int Count);
