namespace O1Coder.Policy.OpenAi;

/// <summary>An answer that is an error.</summary>
/// <param name="Error">What is wrong.</param>
internal sealed record ErrorResponse(ErrorBody Error);
