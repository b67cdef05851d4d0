namespace O1Coder.Policy.OpenAi;

/// <summary>What is wrong.</summary>
/// <param name="Message">In one line for people.</param>
/// <param name="Type">The kind, for example "invalid_request_error".</param>
/// <param name="Param">The field that is at fault, or null.</param>
/// <param name="Code">A word for programs, for example "model_not_found", or null.</param>
internal sealed record ErrorBody(string Message, string Type, string? Param, string? Code);
