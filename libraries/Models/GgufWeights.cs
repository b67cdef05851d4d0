using System.Text.RegularExpressions;

namespace O1Coder.Models;

/// <summary>
/// The weights of a GGUF file under Hugging Face's names, dequantised when read. Rows of qwen2's queries and keys are in the
/// same order in both formats (llama.cpp permutes llama's, which is why GGUF files of llama are not known here).
/// </summary>
public sealed partial class GgufWeights : IWeights
{
    private readonly GgufFile _file;
    private readonly bool _leaveOpen;

    /// <summary>Reads from an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="leaveOpen">Whether the file stays open when this is disposed.</param>
    /// <exception cref="ModelFormatException">The architecture is not known, or a tensor is missing or has another shape.</exception>
    public GgufWeights(GgufFile file, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(file);
        Description = ModelDescription.Read(file);
        _file = file;
        _leaveOpen = leaveOpen;
    }

    /// <inheritdoc />
    public ModelDescription Description { get; }

    /// <inheritdoc />
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape;

    /// <inheritdoc />
    public float[] Read(string name)
    {
        var tensor = Find(name);
        var elements = new float[tensor.ElementCount];
        ReadRows(name, 0, elements);
        return elements;
    }

    /// <inheritdoc />
    public void Read(string name, Span<float> destination)
    {
        WeightArguments.RequireLength(name, Find(name).ElementCount, destination.Length);
        ReadRows(name, 0, destination);
    }

    /// <inheritdoc />
    public void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var tensor = Find(name);
        WeightArguments.RequireRows(name, tensor.Shape, firstRow, destination.Length);
        var columns = (int)tensor.Columns;
        for (var row = 0; row < destination.Length / columns; row++)
        {
            try
            {
                tensor.DequantizeRow(firstRow + row, destination.Slice(row * columns, columns));
            }
            catch (NotSupportedException exception)
            {
                throw new ModelFormatException($"{tensor.FilePath}: {exception.Message}", exception);
            }
        }
    }

    /// <inheritdoc />
    public GgufTensorType StoredType(string name) => Find(name).Type;

    /// <inheritdoc />
    public void ReadStored(string name, long firstRow, Span<byte> destination)
    {
        var tensor = Find(name);
        var bytes = (int)tensor.RowBytes;
        WeightArguments.RequireRowBytes(name, tensor.Shape, bytes, firstRow, destination.Length);
        for (var row = 0; row < destination.Length / bytes; row++)
        {
            tensor.Row(firstRow + row).CopyTo(destination[(row * bytes)..]);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_leaveOpen)
        {
            _file.Dispose();
        }
    }

    private GgufTensor Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _file.GetTensor(GgufName(name) ?? throw new ModelFormatException(
            _file.Paths[0], $"tensor '{name}'", "not known", "a name as Hugging Face folders have it"));
    }

    private static string? GgufName(string name)
    {
        var layer = LayerName().Match(name);
        var part = layer.Success ? layer.Groups["part"].Value : name;
        var known = part switch
        {
            "model.embed_tokens.weight" => "token_embd.weight",
            "model.norm.weight" => "output_norm.weight",
            "lm_head.weight" => "output.weight",
            "input_layernorm.weight" => "attn_norm.weight",
            "post_attention_layernorm.weight" => "ffn_norm.weight",
            "self_attn.q_proj.weight" => "attn_q.weight",
            "self_attn.q_proj.bias" => "attn_q.bias",
            "self_attn.k_proj.weight" => "attn_k.weight",
            "self_attn.k_proj.bias" => "attn_k.bias",
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

    [GeneratedRegex(@"^model\.layers\.(?<layer>\d+)\.(?<part>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex LayerName();
}
