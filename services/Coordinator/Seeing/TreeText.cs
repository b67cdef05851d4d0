namespace O1Coder.Coordinator.Seeing;

/// <summary>A text that a node had before it was written anew.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tail">What was written after it.</param>
/// <param name="Given">Characters at its start that stood in the prompt.</param>
internal sealed record TreeText(string Text, string Tail, int Given);
