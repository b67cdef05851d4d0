namespace O1Coder.Coordinator;

/// <summary>What a step's children need to know of it.</summary>
/// <param name="Tokens">All tokens that the model read and wrote up to the step's end.</param>
/// <param name="EndedBy">The stop string that ended it, which is among the tokens; empty for none.</param>
/// <param name="Inherited">How many of the tokens are the parent's.</param>
/// <param name="Written">How many of the tokens, the last ones, the model wrote for the step.</param>
internal sealed record StepCarry(IReadOnlyList<int> Tokens, string EndedBy, int Inherited, int Written)
{
    /// <summary>What the model read beyond the parent's tokens.</summary>
    public IEnumerable<int> Read => Tokens.Take(Tokens.Count - Written).Skip(Inherited);

    /// <summary>What it wrote.</summary>
    public IEnumerable<int> Wrote => Tokens.Skip(Tokens.Count - Written);
}
