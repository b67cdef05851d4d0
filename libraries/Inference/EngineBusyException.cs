namespace O1Coder.Inference;

/// <summary>The engine's queue is full; the caller may try again later.</summary>
/// <param name="message">For people.</param>
/// <param name="retryAfter">When there is likely to be room.</param>
public sealed class EngineBusyException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When there is likely to be room, from what waits and how fast it went lately; never zero.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
