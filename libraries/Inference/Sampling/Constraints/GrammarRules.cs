namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>A parsed grammar.</summary>
/// <param name="Bodies">The rules' bodies, by number.</param>
/// <param name="Root">The number of the rule <c>root</c>.</param>
internal sealed record GrammarRules(IReadOnlyList<PatternNode> Bodies, int Root);
