using System.ComponentModel.DataAnnotations;
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
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>The longest sequence that is served, prompt and answer together, in tokens; at most the model's own.</summary>
    [ConfigurationKeyName("O1CODER_CONTEXT")]
    [Range(16, 1 << 20)]
    public int ContextLength { get; set; } = 4096;

    /// <summary>Sequences that are decoded at once at most.</summary>
    [ConfigurationKeyName("O1CODER_MAX_SEQUENCES")]
    [Range(1, 64)]
    public int MaxSequences { get; set; } = 16;

    /// <summary>Requests that may wait; one more is told to come back later.</summary>
    [ConfigurationKeyName("O1CODER_QUEUE")]
    [Range(1, 100_000)]
    public int QueueLength { get; set; } = 256;

    /// <summary>Bytes of keys and values that are kept for prompts to come.</summary>
    [ConfigurationKeyName("O1CODER_PREFIX_CACHE_BYTES")]
    [Range(typeof(long), "0", "4398046511104")]
    public long PrefixCacheBytes { get; set; } = 512L << 20;

    /// <summary>A folder in which the hottest prefixes are kept while the service does not run; empty to keep none.</summary>
    [ConfigurationKeyName("O1CODER_PREFIXES")]
    public string Prefixes { get; set; } = "";

    /// <summary>Adapters that are served at once at most.</summary>
    [ConfigurationKeyName("O1CODER_MAX_ADAPTERS")]
    [Range(0, 256)]
    public int MaxAdapters { get; set; } = 16;

    /// <summary>Bytes of all adapters at most.</summary>
    [ConfigurationKeyName("O1CODER_ADAPTER_BYTES")]
    [Range(typeof(long), "0", "4398046511104")]
    public long MaxAdapterBytes { get; set; } = 2L << 30;

    /// <summary>What computes.</summary>
    [ConfigurationKeyName("O1CODER_BACKEND")]
    public EngineBackend Backend { get; set; } = EngineBackend.Cpu;

    /// <summary>How exactly activations enter products with quantised weights, in <see cref="EngineWords.Accuracies"/>.</summary>
    [ConfigurationKeyName("O1CODER_ACCURACY")]
    public string Accuracy { get; set; } = "fast";

    /// <summary>How weights are held, in <see cref="EngineWords.Weights"/>.</summary>
    [ConfigurationKeyName("O1CODER_WEIGHTS")]
    public string Weights { get; set; } = "";

    /// <summary>
    /// The address of an OpenAI-compatible server that runs the model, for example <c>http://127.0.0.1:8000/v1</c>; empty to
    /// run it here. <see cref="Model"/> is still needed: tokenizer and chat template are read from there.
    /// </summary>
    [ConfigurationKeyName("O1CODER_REMOTE")]
    public string Remote { get; set; } = "";

    /// <summary>The server's key, or empty; never logged or told.</summary>
    [ConfigurationKeyName("O1CODER_REMOTE_KEY")]
    public string RemoteKey { get; set; } = "";

    /// <summary>The model's name on the server; empty where it serves one alone.</summary>
    [ConfigurationKeyName("O1CODER_REMOTE_MODEL")]
    public string RemoteModel { get; set; } = "";

    /// <summary>The loopback port that answers OpenAI's clients over HTTP/1.1; 0 for none.</summary>
    [ConfigurationKeyName("O1CODER_OPENAI_PORT")]
    [Range(0, 65535)]
    public int OpenAiPort { get; set; }

    /// <summary>Whether the model's files are compared with their SHA-256 hashes before they are used.</summary>
    [ConfigurationKeyName("O1CODER_VERIFY_MODEL")]
    public bool VerifyModel { get; set; } = true;

    /// <summary>
    /// OpenTelemetry's own variable: <c>true</c>, <c>SPAN_ONLY</c> or <c>SPAN_AND_EVENT</c> puts prompts and answers on the
    /// spans, anything else does not. The AppHost sets it in development.
    /// </summary>
    [ConfigurationKeyName("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")]
    public string MessageCapture { get; set; } = "";
}
