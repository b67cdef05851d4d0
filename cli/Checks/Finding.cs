namespace O1Coder.Cli.Checks;

/// <summary>What a check found.</summary>
/// <param name="Name">What was looked for, one or two words.</param>
/// <param name="Status">How it is doing.</param>
/// <param name="Detail">What is there.</param>
/// <param name="Advice">What to do about it; null where nothing has to be done.</param>
internal sealed record Finding(string Name, Health Status, string Detail, string? Advice = null);
