namespace O1Coder.Search;

/// <summary>A program has a verdict.</summary>
/// <param name="Node">The node that holds it.</param>
/// <param name="Program">The program.</param>
/// <param name="Judgement">What the judge said.</param>
/// <param name="Value">v = α·compile + (1−α)·pass; 0 when the judgement is excluded.</param>
/// <param name="Reused">The same program stood elsewhere in the tree and its verdict was taken over.</param>
public sealed record ProgramJudged(
    int Node, string Program, Judgement Judgement, double Value, bool Reused) : SearchEvent;
