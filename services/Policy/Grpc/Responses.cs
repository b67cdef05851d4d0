using O1Coder.Inference;

namespace O1Coder.Policy;

/// <summary>Turns what the engine says into the contract's messages.</summary>
internal static class Responses
{
    /// <summary>One event of a generation.</summary>
    /// <param name="generated">The engine's event.</param>
    /// <param name="prompt">The prompt's tokens, which the first event repeats.</param>
    /// <param name="model">The weights that answer.</param>
    public static V1.GenerateResponse From(GenerationEvent generated, ReadOnlySpan<int> prompt, V1.ModelIdentity model) =>
        generated switch
        {
            PromptAccepted accepted => new() { Accepted = From(accepted, prompt, model) },
            SequenceChunk chunk => new() { Chunk = From(chunk) },
            SequenceFinished finished => new() { Finished = From(finished) },
            GenerationUsage usage => new() { Usage = From(usage) },
            _ => throw new InvalidOperationException($"the engine sent an unknown event, {generated.GetType().Name}"),
        };

    /// <summary>Which model is loaded and how.</summary>
    public static V1.GetModelResponse From(LoadedModel loaded)
    {
        var (model, engine) = (loaded.Model.Description, loaded.Engine.Description);
        return new()
        {
            Model = loaded.Identity(null),
            Architecture = model.Architecture,
            Layers = model.Layers,
            HiddenSize = model.HiddenSize,
            VocabularySize = model.VocabularySize,
            ContextLength = engine.ContextLength,
            Backend = engine.Backend,
            Precision = engine.Precision,
            Threads = engine.Threads,
            MaxSequences = engine.MaxSequences,
            LoadSeconds = loaded.LoadTime.TotalSeconds,
            EndOfTurnTokens = { model.EndOfTurnTokens },
        };
    }

    /// <summary>An adapter as a message.</summary>
    public static V1.Adapter From(NamedAdapter adapter) => new()
    {
        Name = adapter.Name,
        Version = adapter.Version,
        Folder = adapter.Folder,
        Rank = adapter.Rank,
        Targets = { adapter.Targets },
        Bytes = adapter.Bytes,
    };

    /// <summary>Token ids as a message.</summary>
    public static V1.TokenSequence Tokens(ReadOnlySpan<int> ids)
    {
        var sequence = new V1.TokenSequence { Ids = { Capacity = ids.Length } };
        foreach (var id in ids)
        {
            sequence.Ids.Add(id);
        }

        return sequence;
    }

    private static V1.PromptAccepted From(PromptAccepted accepted, ReadOnlySpan<int> prompt, V1.ModelIdentity model) => new()
    {
        Prompt = Tokens(prompt),
        CachedTokens = accepted.CachedTokens,
        Model = model,
    };

    private static V1.SequenceChunk From(SequenceChunk chunk) => new()
    {
        Sequence = chunk.Sequence,
        TokenIds = { chunk.Tokens },
        Text = chunk.Text,
        SamplingLogProbabilities = { chunk.SamplingLogProbabilities },
        ModelLogProbabilities = { chunk.ModelLogProbabilities },
        TopLogProbabilities =
        {
            chunk.TopLogProbabilities.Select(position => new V1.LikeliestTokens { Tokens = { position.Select(From) } }),
        },
    };

    private static V1.TokenLogProbability From(TokenLogProbability token) =>
        new() { TokenId = token.Token, LogProbability = token.LogProbability };

    private static V1.SequenceFinished From(SequenceFinished finished) => new()
    {
        Sequence = finished.Sequence,
        Reason = From(finished.Reason),
        Stop = finished.Stop ?? "",
        Text = finished.Text,
        Tokens = new V1.TokenSequence { Ids = { finished.Tokens } },
    };

    private static V1.GenerateUsage From(GenerationUsage usage) => new()
    {
        PromptTokens = usage.PromptTokens,
        CachedTokens = usage.CachedTokens,
        GeneratedTokens = usage.GeneratedTokens,
        QueueSeconds = usage.QueueTime.TotalSeconds,
        PrefillSeconds = usage.PrefillTime.TotalSeconds,
        DecodeSeconds = usage.DecodeTime.TotalSeconds,
    };

    private static V1.FinishReason From(FinishReason reason) => reason switch
    {
        FinishReason.EndOfTurn => V1.FinishReason.EndOfTurn,
        FinishReason.StopString => V1.FinishReason.StopString,
        FinishReason.MaxTokens => V1.FinishReason.MaxTokens,
        FinishReason.ContextFull => V1.FinishReason.ContextFull,
        FinishReason.NoToken => V1.FinishReason.NoToken,
        _ => throw new InvalidOperationException($"the engine ended a sequence for an unknown reason, {reason}"),
    };
}
