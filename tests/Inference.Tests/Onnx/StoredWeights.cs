using O1Coder.Inference.Cpu;
using O1Coder.Inference.Tests.Cpu;
using O1Coder.Inference.Tests.Cpu.Products;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Onnx;

/// <summary>A model's random weights, its matrices stored in ggml's types.</summary>
internal sealed class StoredWeights : IWeights
{
    private readonly RandomWeights _floats;
    private readonly MemoryWeights _matrices = new();
    private readonly HashSet<string> _stored = [];

    /// <summary>Stores every matrix in the type that is named for it; F32 leaves it as it is.</summary>
    public StoredWeights(ModelDescription model, int seed, Func<string, GgufTensorType> type)
    {
        _floats = new RandomWeights(model, seed);
        string[] tables = model.TiedEmbedding ? ["model.embed_tokens.weight"] : ["model.embed_tokens.weight", "lm_head.weight"];
        var projections = Enumerable.Range(0, model.Layers).SelectMany(layer =>
            Enum.GetValues<Projection>().Select(projection => $"model.layers.{layer}.{projection.ModulePath()}.weight"));
        foreach (var name in tables.Concat(projections).Where(name => type(name) != GgufTensorType.F32))
        {
            var shape = _floats.Shape(name);
            _matrices.With(name, type(name), (int)shape[0], (int)shape[1], Encode(_floats.Read(name), type(name)));
            _stored.Add(name);
        }
    }

    public ModelDescription Description => _floats.Description;

    public IReadOnlyList<long> Shape(string name) => Of(name).Shape(name);

    public float[] Read(string name) => Of(name).Read(name);

    public void Read(string name, Span<float> destination) => Of(name).Read(name, destination);

    public void ReadRows(string name, long firstRow, Span<float> destination) => Of(name).ReadRows(name, firstRow, destination);

    public GgufTensorType StoredType(string name) => Of(name).StoredType(name);

    public void ReadStored(string name, long firstRow, Span<byte> destination) => Of(name).ReadStored(name, firstRow, destination);

    public void Dispose()
    {
        _floats.Dispose();
        _matrices.Dispose();
    }

    private IWeights Of(string name) => _stored.Contains(name) ? _matrices : _floats;

    private static unsafe byte[] Encode(float[] values, GgufTensorType type)
    {
        var stored = new byte[values.Length / type.BlockLength() * type.BlockBytes()];
        fixed (float* from = values)
        {
            fixed (byte* to = stored)
            {
                for (var block = 0; block < values.Length / type.BlockLength(); block++)
                {
                    var source = from + (block * type.BlockLength());
                    var target = to + (block * type.BlockBytes());
                    switch (type)
                    {
                        case GgufTensorType.Q4_0:
                            BlockQuantizer.ToQ40(source, target);
                            break;
                        case GgufTensorType.Q8_0:
                            BlockQuantizer.ToQ80(source, target);
                            break;
                        case GgufTensorType.Q4_1:
                            WithMinimum(source, target);
                            break;
                        case GgufTensorType.F16:
                            *(Half*)target = (Half)(*source);
                            break;
                        default:
                            throw new NotSupportedException($"{type}");
                    }
                }
            }
        }

        return stored;
    }

    private static unsafe void WithMinimum(float* values, byte* stored)
    {
        var all = new ReadOnlySpan<float>(values, 32).ToArray();
        var (least, most) = (all.Min(), all.Max());
        var scale = (most - least) / 15;
        *(Half*)stored = (Half)scale;
        ((Half*)stored)[1] = (Half)least;
        for (var i = 0; i < 16; i++)
        {
            stored[4 + i] = (byte)(Code(values[i]) | (Code(values[i + 16]) << 4));
        }

        int Code(float value) => Math.Clamp((int)MathF.Round((value - least) / scale), 0, 15);
    }
}
