namespace O1Coder.Policy.OpenAi;

/// <summary>What every event and the whole of one answer begin with.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The model or adapter as the request named it.</param>
/// <param name="IncludeUsage">Whether a stream ends with the usage.</param>
internal sealed record AnswerHeader(string Id, long Created, string Model, bool IncludeUsage)
{
    /// <summary>Makes the header of an answer that begins now.</summary>
    public static AnswerHeader Now(string prefix, string model, bool includeUsage) =>
        new($"{prefix}-{Guid.NewGuid():n}", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), model, includeUsage);
}
