using O1Coder.Inference;

namespace O1Coder.Policy;

/// <summary>The service's settings, from configuration or the environment.</summary>
internal sealed class PolicyOptions
{
    /// <summary>The model's folder.</summary>
    [ConfigurationKeyName("O1CODER_MODEL")]
    public string Model { get; set; } = "";

    /// <summary>Threads that compute; 0 is one a core.</summary>
    [ConfigurationKeyName("O1CODER_THREADS")]
    public int Threads { get; set; }

    /// <summary>The longest sequence that is served, prompt and answer together, in tokens; at most the model's own.</summary>
    [ConfigurationKeyName("O1CODER_CONTEXT")]
    public int ContextLength { get; set; } = 4096;

    /// <summary>Sequences that are decoded at once at most.</summary>
    [ConfigurationKeyName("O1CODER_MAX_SEQUENCES")]
    public int MaxSequences { get; set; } = 16;

    /// <summary>Requests that may wait; one more is told to come back later.</summary>
    [ConfigurationKeyName("O1CODER_QUEUE")]
    public int QueueLength { get; set; } = 256;

    /// <summary>Bytes of keys and values that are kept for prompts to come.</summary>
    [ConfigurationKeyName("O1CODER_PREFIX_CACHE_BYTES")]
    public long PrefixCacheBytes { get; set; } = 512L << 20;

    /// <summary>Adapters that are served at once at most.</summary>
    [ConfigurationKeyName("O1CODER_MAX_ADAPTERS")]
    public int MaxAdapters { get; set; } = 16;

    /// <summary>Bytes of all adapters at most.</summary>
    [ConfigurationKeyName("O1CODER_ADAPTER_BYTES")]
    public long MaxAdapterBytes { get; set; } = 2L << 30;

    /// <summary>How exactly activations are held.</summary>
    [ConfigurationKeyName("O1CODER_PRECISION")]
    public Precision Precision { get; set; } = Precision.Fast;

    /// <summary>Whether the model's files are compared with their SHA-256 hashes before they are used.</summary>
    [ConfigurationKeyName("O1CODER_VERIFY_MODEL")]
    public bool VerifyModel { get; set; } = true;
}
