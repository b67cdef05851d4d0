namespace O1Coder.Coordinator;

/// <summary>A step of a path.</summary>
/// <param name="Node">Its node's number in the search's tree.</param>
/// <param name="Action">What it does: DefineStructure, Refine or Code.</param>
/// <param name="Text">Its text; for Code the program.</param>
/// <param name="Value">v = W/N in [0, 1], W being the sum of the rewards by all tests; see <see cref="PathRow.Reward"/>.</param>
/// <param name="Visits">N, at least 1.</param>
internal sealed record PathStep(int Node, string Action, string Text, double Value, int Visits)
{
    /// <summary>As the wire has it.</summary>
    public V1.ReasoningStep ToWire() => new() { Action = Enum.Parse<V1.StepAction>(Action), Text = Text };
}
