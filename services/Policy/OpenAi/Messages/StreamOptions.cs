namespace O1Coder.Policy.OpenAi;

/// <summary>What a stream tells beside the answer.</summary>
/// <param name="IncludeUsage">Whether a last event tells the usage.</param>
internal sealed record StreamOptions(bool? IncludeUsage = null);
