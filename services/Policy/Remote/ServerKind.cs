namespace O1Coder.Policy.Remote;

/// <summary>What kind of server answers, as <c>owned_by</c> in its list of models says: where kinds differ, it decides.</summary>
internal enum ServerKind
{
    /// <summary>None of those known: treated as OpenAI's interface is described.</summary>
    Unknown,

    /// <summary>vLLM.</summary>
    Vllm,

    /// <summary>SGLang.</summary>
    Sglang,

    /// <summary>llama.cpp's server.</summary>
    LlamaCpp,

    /// <summary>Another Policy.</summary>
    Policy,
}
