namespace O1Coder.Learning.Data;

/// <summary>One sequence of tokens.</summary>
/// <param name="Ids">The tokens, at least one.</param>
/// <param name="Places">Where scores are read, ascending.</param>
public sealed record TrainingRow(int[] Ids, int[] Places);
