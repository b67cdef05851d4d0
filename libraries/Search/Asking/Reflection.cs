namespace O1Coder.Search;

/// <summary>What the model said about a node.</summary>
/// <param name="Text">The words.</param>
/// <param name="Tokens">Tokens that it took to write, at least 0.</param>
public sealed record Reflection(string Text, int Tokens);
