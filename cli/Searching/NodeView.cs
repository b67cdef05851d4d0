using O1Coder.V1;

namespace O1Coder.Cli.Searching;

/// <summary>One node of the search tree as the stream of events has told it.</summary>
/// <param name="Node">Its number; the root is 0.</param>
/// <param name="Parent">Its parent's number; the root's is -1.</param>
/// <param name="Action">What its step does.</param>
/// <param name="Depth">Steps from the root.</param>
/// <param name="Text">The step's text, as the model wrote it.</param>
/// <param name="Terminal">Whether it holds a program.</param>
internal sealed record NodeView(int Node, int Parent, StepAction Action, int Depth, string Text, bool Terminal)
{
    /// <summary>N: rollouts that went through it.</summary>
    public int Visits { get; init; }

    /// <summary>The sum of the values that were backed up through it.</summary>
    public double ValueSum { get; init; }

    /// <summary>Q: the mean of the values backed up through it, null before the first.</summary>
    public double? Value => Visits == 0 ? null : ValueSum / Visits;

    /// <summary>What the sandbox said of its program; null where none ran.</summary>
    public JudgedProgram? Judged { get; init; }
}
