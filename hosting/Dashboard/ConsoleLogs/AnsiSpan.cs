namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>A stretch of text in one look.</summary>
/// <param name="Text">Without control sequences.</param>
/// <param name="Classes">CSS classes, separated by blanks; empty for plain text.</param>
/// <param name="Style">Inline colours, for those that are not among the sixteen; empty for none.</param>
internal readonly record struct AnsiSpan(string Text, string Classes, string Style);
