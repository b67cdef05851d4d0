namespace O1Coder.Inference;

/// <summary>The loaded model and how it is run.</summary>
public sealed record EngineDescription
{
    /// <summary>The back end, for example <c>onnx/cpu</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>How weights and activations are held, for example <c>q4_0, int8 activations</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Threads that compute.</summary>
    public required int Threads { get; init; }

    /// <summary>The longest sequence that is served, prompt and answer together, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Sequences that are decoded at once at most.</summary>
    public required int MaxSequences { get; init; }

    /// <summary>What loading took.</summary>
    public required TimeSpan LoadTime { get; init; }
}
