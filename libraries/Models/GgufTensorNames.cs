using System.Text.RegularExpressions;

namespace O1Coder.Models;

/// <summary>What GGUF files call the tensors that Hugging Face's folders have.</summary>
internal static partial class GgufTensorNames
{
    /// <summary>The output head, absent where it is the embedding.</summary>
    public const string Head = "output.weight";

    /// <summary>The divisors of the rotary embedding's frequencies, where it is stretched.</summary>
    public const string RopeFactors = "rope_freqs.weight";

    /// <summary>The name in a GGUF file, or null if there is none.</summary>
    public static string? Find(string name)
    {
        var layer = LayerName().Match(name);
        var part = layer.Success ? layer.Groups["part"].Value : name;
        var known = part switch
        {
            "model.embed_tokens.weight" => "token_embd.weight",
            "model.norm.weight" => "output_norm.weight",
            "lm_head.weight" => Head,
            "input_layernorm.weight" => "attn_norm.weight",
            "post_attention_layernorm.weight" => "ffn_norm.weight",
            "self_attn.q_proj.weight" => "attn_q.weight",
            "self_attn.q_proj.bias" => "attn_q.bias",
            "self_attn.q_norm.weight" => "attn_q_norm.weight",
            "self_attn.k_proj.weight" => "attn_k.weight",
            "self_attn.k_proj.bias" => "attn_k.bias",
            "self_attn.k_norm.weight" => "attn_k_norm.weight",
            "self_attn.v_proj.weight" => "attn_v.weight",
            "self_attn.v_proj.bias" => "attn_v.bias",
            "self_attn.o_proj.weight" => "attn_output.weight",
            "mlp.gate_proj.weight" => "ffn_gate.weight",
            "mlp.up_proj.weight" => "ffn_up.weight",
            "mlp.down_proj.weight" => "ffn_down.weight",
            _ => null,
        };
        return known is not null && layer.Success ? $"blk.{layer.Groups["layer"].Value}.{known}" : known;
    }

    /// <summary>Whether a tensor of a GGUF file makes queries or keys.</summary>
    public static bool IsQueryOrKey(string name) =>
        name.EndsWith(".attn_q.weight", StringComparison.Ordinal) || name.EndsWith(".attn_k.weight", StringComparison.Ordinal);

    [GeneratedRegex(@"^model\.layers\.(?<layer>\d+)\.(?<part>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex LayerName();
}
