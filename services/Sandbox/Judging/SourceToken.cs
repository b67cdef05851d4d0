namespace O1Coder.Sandbox.Judging;

/// <summary>A piece of a program's source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; empty for a text in quotes.</param>
/// <param name="Line">The line it begins on, from 0.</param>
/// <param name="LastLine">The line it ends on.</param>
internal readonly record struct SourceToken(SourceTokenKind Kind, string Text, int Line, int LastLine);
