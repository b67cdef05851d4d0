namespace O1Coder.Tcg;

/// <summary>An input that a program can be given.</summary>
/// <param name="Text">Of a function, the arguments in canonical form; of a script, the lines on standard input.</param>
/// <param name="Key">Equal for equal inputs.</param>
internal sealed record CaseInput(string Text, string Key);
