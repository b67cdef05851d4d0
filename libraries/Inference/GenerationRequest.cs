namespace O1Coder.Inference;

/// <summary>Asks for continuations of one prompt.</summary>
public sealed record GenerationRequest
{
    /// <summary>Token ids, at least one, fewer than the context.</summary>
    public required ReadOnlyMemory<int> Prompt { get; init; }

    /// <summary>
    /// Token ids that every continuation begins with, fewer than <see cref="SamplingOptions.MaxTokens"/>, none that ends a
    /// turn; with the prompt fewer than the context. They belong to the answer: they are told as its first chunk, with
    /// their log-probabilities under the model, but are not drawn.
    /// </summary>
    public ReadOnlyMemory<int> ForcedPrefix { get; init; }

    /// <summary>How many continuations, 1 to 64.</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>How tokens are drawn.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>The version of the adapter to use, or null for the model as it is.</summary>
    public string? Adapter { get; init; }

    /// <summary>Where the request stands in the queue.</summary>
    public QueueTicket Ticket { get; init; }

    /// <summary>
    /// Whether next tokens may be guessed from what followed the same tokens earlier in prompt and answer, and checked several
    /// at once (prompt lookup decoding): for answers that repeat much of their prompt. The answer is the same to the bit.
    /// </summary>
    public bool PromptLookup { get; init; }

    /// <summary>
    /// Tokens, all sequences' together, that are gathered before the reader is told of them, at least 1, the default. The end
    /// of a sequence is told at once, with everything before it; who wants whole answers asks for as many as there can be.
    /// </summary>
    public int Gather { get; init; } = 1;
}
