namespace O1Coder.Problems;

/// <summary>A token with the symbols of several characters put together.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="Line">The line it starts on, from 1.</param>
internal readonly record struct CheckToken(PythonTokenKind Kind, string Text, int Line);
