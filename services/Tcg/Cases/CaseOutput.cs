namespace O1Coder.Tcg;

/// <summary>An output of a program.</summary>
/// <param name="Text">Of a function, the value in canonical form; of a script, what it wrote.</param>
/// <param name="Key">Equal for equal outputs.</param>
internal sealed record CaseOutput(string Text, string Key);
