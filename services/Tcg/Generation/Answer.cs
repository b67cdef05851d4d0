namespace O1Coder.Tcg;

/// <summary>One sequence that the model wrote.</summary>
/// <param name="Text">Its text, the opening that it was given included.</param>
/// <param name="IsCutOff">Whether a limit ended it.</param>
internal sealed record Answer(string Text, bool IsCutOff);
