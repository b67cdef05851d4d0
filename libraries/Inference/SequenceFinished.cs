namespace O1Coder.Inference;

/// <summary>One sequence has ended.</summary>
/// <param name="Sequence">Which sequence, from 0.</param>
/// <param name="Reason">Why.</param>
/// <param name="Stop">The stop string that ended it, or null.</param>
/// <param name="Text">The whole text, without the stop string.</param>
/// <param name="Tokens">
/// All tokens, with those of a forced prefix and of the stop string and without the end-of-turn token.
/// </param>
public sealed record SequenceFinished(
    int Sequence, FinishReason Reason, string? Stop, string Text, IReadOnlyList<int> Tokens) : GenerationEvent;
