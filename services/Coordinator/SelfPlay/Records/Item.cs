namespace O1Coder.Coordinator;

/// <summary>What was found out about one problem of a step.</summary>
/// <typeparam name="T">What that is.</typeparam>
/// <param name="Key">The problem, or what else the step goes through.</param>
/// <param name="GeneratedTokens">Tokens generated for it.</param>
/// <param name="Seconds">Seconds that it took.</param>
/// <param name="Result">What was found out.</param>
internal sealed record Item<T>(string Key, long GeneratedTokens, double Seconds, T Result);
