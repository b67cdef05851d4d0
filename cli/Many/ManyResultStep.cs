namespace O1Coder.Cli.Many;

/// <summary>How many problems were solved when so much was spent.</summary>
/// <param name="Solved">Problems.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Seconds">Seconds.</param>
internal sealed record ManyResultStep(int Solved, long Tokens, double Seconds);
