namespace O1Coder.Problems;

/// <summary>What a function gives, as a function of its arguments.</summary>
/// <param name="Value">What it returns, where it returns.</param>
/// <param name="Fails">When it does not return a value.</param>
/// <param name="Reasons">Why it may not, for people.</param>
internal sealed record FunctionResult(SmtTerm Value, SmtTerm Fails, IReadOnlyList<string> Reasons);
