namespace O1Coder.Sandbox;

/// <summary>One run in one box.</summary>
/// <param name="Program">The program's source.</param>
/// <param name="Input">What it reads on standard input.</param>
/// <param name="Test">The assertion's text, or null for a script. It reaches the judge's box, never the program's.</param>
/// <param name="Limits">The limits.</param>
internal sealed record BoxRequest(string Program, string Input, string? Test, BoxLimits Limits);
