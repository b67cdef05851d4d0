namespace O1Coder.Problems;

/// <summary>A fenced block of a Markdown file.</summary>
/// <param name="Label">The first word after the opening fence, lower case; empty when there is none.</param>
/// <param name="Content">The lines between the fences, each ended by '\n'; empty for none.</param>
/// <param name="Line">The opening fence's line, from 1.</param>
/// <param name="LineCount">The lines it takes, both fences included.</param>
internal sealed record FencedBlock(string Label, string Content, int Line, int LineCount)
{
    /// <summary>Whether its label says Python.</summary>
    public bool IsPython => Label is "python" or "py" or "python3";
}
