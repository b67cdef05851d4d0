using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>Float weights of any shape of model, from a seed.</summary>
internal sealed class RandomWeights : IWeights
{
    private readonly Dictionary<string, (long[] Shape, float[] Elements)> _tensors = [];
    private readonly Random _random;

    public RandomWeights(ModelDescription description, int seed)
    {
        (Description, _random) = (description, new Random(seed));
        Matrix("model.embed_tokens.weight", description.VocabularySize, description.HiddenSize, 1);
        if (!description.TiedEmbedding)
        {
            Matrix("lm_head.weight", description.VocabularySize, description.HiddenSize, 1.7f / MathF.Sqrt(description.HiddenSize));
        }

        Vector("model.norm.weight", description.HiddenSize, 1);
        for (var layer = 0; layer < description.Layers; layer++)
        {
            var block = $"model.layers.{layer}";
            Vector($"{block}.input_layernorm.weight", description.HiddenSize, 1);
            Vector($"{block}.post_attention_layernorm.weight", description.HiddenSize, 1);
            foreach (var projection in Enum.GetValues<Projection>())
            {
                var (outputs, inputs) = (description.OutputSize(projection), description.InputSize(projection));
                Matrix($"{block}.{projection.ModulePath()}.weight", outputs, inputs, 1.7f / MathF.Sqrt(inputs));
                if (description.QkvBias && projection is Projection.Query or Projection.Key or Projection.Value)
                {
                    Vector($"{block}.{projection.ModulePath()}.bias", outputs, 0);
                }
            }

            if (description.QueryKeyNorm)
            {
                Vector($"{block}.self_attn.q_norm.weight", description.HeadSize, 1);
                Vector($"{block}.self_attn.k_norm.weight", description.HeadSize, 1);
            }
        }
    }

    public ModelDescription Description { get; }

    public IReadOnlyList<long> Shape(string name) => _tensors[name].Shape;

    public float[] Read(string name) => [.. _tensors[name].Elements];

    public void Read(string name, Span<float> destination) => _tensors[name].Elements.CopyTo(destination);

    public void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var (shape, elements) = _tensors[name];
        elements.AsSpan((int)(firstRow * shape[^1]), destination.Length).CopyTo(destination);
    }

    public GgufTensorType StoredType(string name) => _tensors.ContainsKey(name) ? GgufTensorType.F32 : throw new KeyNotFoundException(name);

    public void ReadStored(string name, long firstRow, Span<byte> destination) =>
        ReadRows(name, firstRow, MemoryMarshal.Cast<byte, float>(destination));

    public void Dispose()
    {
    }

    private void Matrix(string name, int rows, int columns, float largest) =>
        _tensors.Add(name, ([rows, columns], Numbers((long)rows * columns, 0, largest)));

    private void Vector(string name, int count, float around) => _tensors.Add(name, ([count], Numbers(count, around, 0.3f)));

    private float[] Numbers(long count, float around, float most)
    {
        var numbers = new float[count];
        foreach (ref var number in numbers.AsSpan())
        {
            number = around + (most * ((2 * _random.NextSingle()) - 1));
        }

        return numbers;
    }
}
