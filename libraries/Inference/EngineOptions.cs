namespace O1Coder.Inference;

/// <summary>How an engine is run. Checked when an engine is loaded.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads that compute, 1 to 1024. Default: one a core.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Sequences that are decoded at once at most, 1 to 64. Default 16.</summary>
    public int MaxSequences { get; init; } = 16;

    /// <summary>The longest sequence, prompt and answer together, in tokens: 2 to the model's own. Default 4096.</summary>
    public int ContextLength { get; init; } = 4096;

    /// <summary>Bytes of keys and values that the prefix cache holds at most; 0 turns it off. Default 512 MiB.</summary>
    public long PrefixCacheBytes { get; init; } = 512L << 20;

    /// <summary>How exactly activations are held. Default <see cref="Precision.Fast"/>.</summary>
    public Precision Precision { get; init; } = Precision.Fast;

    /// <summary>How weights are held. Default <see cref="WeightPrecision.AsStored"/>.</summary>
    public WeightPrecision Weights { get; init; } = WeightPrecision.AsStored;

    /// <summary>What <see cref="InferenceEngines"/> loads the model into. Default <see cref="EngineBackend.Cpu"/>.</summary>
    public EngineBackend Backend { get; init; } = EngineBackend.Cpu;

    /// <summary>Requests that wait at most, beside the one that is being prefilled, 1 to 100,000. Default 256.</summary>
    public int QueueLength { get; init; } = 256;

    /// <summary>Adapters that are served at once at most, 0 to 256. Default 16.</summary>
    public int MaxAdapters { get; init; } = 16;

    /// <summary>
    /// Bytes of all served adapters at most. A replaced version counts no more, though it lives until its last request
    /// ends. Default 2 GiB.
    /// </summary>
    public long MaxAdapterBytes { get; init; } = 2L << 30;

    /// <summary>Checks every field against its range.</summary>
    /// <exception cref="ArgumentException">
    /// A field is out of range; <see cref="ArgumentException.ParamName"/> names it and the message tells value and range.
    /// </exception>
    internal void Check(int modelContext)
    {
        ArgumentChecks.InRange(Threads, 1, 1024, nameof(Threads));
        ArgumentChecks.InRange(MaxSequences, 1, 64, nameof(MaxSequences));
        ArgumentChecks.InRange(ContextLength, 2, modelContext, nameof(ContextLength));
        ArgumentChecks.InRange(PrefixCacheBytes, 0, long.MaxValue, nameof(PrefixCacheBytes));
        ArgumentChecks.InRange(QueueLength, 1, 100_000, nameof(QueueLength));
        ArgumentChecks.InRange(MaxAdapters, 0, 256, nameof(MaxAdapters));
        ArgumentChecks.InRange(MaxAdapterBytes, 0, long.MaxValue, nameof(MaxAdapterBytes));
        if (!Enum.IsDefined(Precision))
        {
            throw ArgumentChecks.Wrong(nameof(Precision), $"{nameof(Precision)} is {(int)Precision}: expected Fast or Exact");
        }

        if (!Enum.IsDefined(Weights))
        {
            throw ArgumentChecks.Wrong(nameof(Weights), $"{nameof(Weights)} is {(int)Weights}: expected AsStored, Int4, Int8 or Float32");
        }

        if (!Enum.IsDefined(Backend))
        {
            throw ArgumentChecks.Wrong(nameof(Backend), $"{nameof(Backend)} is {(int)Backend}: expected Cpu or Onnx");
        }
    }
}
