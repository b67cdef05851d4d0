namespace O1Coder.Inference.Onnx;

/// <summary>Names of the graph's constants.</summary>
internal static class WeightNames
{
    public const string Embedding = "embedding";
    public const string EmbeddingScales = "embedding.scales";
    public const string OutputNorm = "output_norm";
    public const string Head = "head";

    public static string AttentionNorm(int layer) => $"attention_norm_{layer}";

    public static string QueryKeyValue(int layer) => $"qkv_{layer}";

    public static string QueryNorm(int layer) => $"query_norm_{layer}";

    public static string KeyNorm(int layer) => $"key_norm_{layer}";

    public static string AttentionOutput(int layer) => $"attention_output_{layer}";

    public static string FeedForwardNorm(int layer) => $"feed_forward_norm_{layer}";

    public static string GateUp(int layer) => $"gate_up_{layer}";

    public static string Down(int layer) => $"down_{layer}";

    public static string AdapterDown(AdaptedProducts product, int layer) => $"lora_a_{product}_{layer}";

    public static string AdapterUp(AdaptedProducts product, int layer) => $"lora_b_{product}_{layer}";

    public static string Scales(string weight) => $"{weight}.scales";

    public static string Bias(string weight) => $"{weight}.bias";
}
