namespace O1Coder.Search;

/// <summary>A step that may be the next of a path.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Text">Its text.</param>
public sealed record StepCandidate(StepAction Action, string Text);
