namespace O1Coder.Search;

/// <summary>What is common to some actions.</summary>
public static class StepActions
{
    /// <summary>Whether a step of this action is a whole program.</summary>
    public static bool WritesProgram(this StepAction action) =>
        action is StepAction.Code or StepAction.Improve or StepAction.Fix or StepAction.Rewrite;
}
