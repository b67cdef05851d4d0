using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>
/// With 8-bit activations the kernels for all kinds of instructions give the same bits: a sum whose last bit differed would move
/// the code of some activation, and with it log-probabilities by far more than kernels may differ.
/// </summary>
public sealed class KernelPathTests
{
    public static TheoryData<string, WeightPrecision> Cases
    {
        get
        {
            var cases = new TheoryData<string, WeightPrecision>();
            foreach (var model in new[] { "uneven", "normed", "multihead" })
            {
                cases.Add(model, WeightPrecision.Int4);
                cases.Add(model, WeightPrecision.Int8);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_path_gives_the_same_logits_in_fast(string name, WeightPrecision held)
    {
        var model = name switch
        {
            "uneven" => TinyModels.Uneven,
            "normed" => TinyModels.Normed,
            _ => TinyModels.Multihead,
        };
        var tokens = TinyModels.Text(70, seed: 4);
        var plain = new List<float[]>();
        var adapted = new List<float[]>();
        foreach (var path in KernelPaths.Runnable)
        {
            using var backend = TinyModels.Backend(model, path, Precision.Fast, held);
            plain.Add(Read(backend, null, tokens));
            adapted.Add(Read(backend, backend.Prepare(TinyQwen2.Adapter(model, 7, seed: 2)), tokens));
        }

        Assert.All(plain, logits => Assert.Equal(plain[^1], logits));
        Assert.All(adapted, logits => Assert.Equal(adapted[^1], logits));
        Assert.NotEqual(plain[^1], adapted[^1]);
    }

    private static float[] Read(CpuBackend backend, BackendAdapter? adapter, int[] tokens)
    {
        var sequence = backend.Open(adapter);
        var logits = new List<float>();
        for (var start = 0; start < tokens.Length; start += backend.MaxLogitRows)
        {
            var part = tokens.AsSpan(start, Math.Min(backend.MaxLogitRows, tokens.Length - start));
            logits.AddRange(backend.Prefill(sequence, part, [.. Enumerable.Range(0, part.Length)]));
        }

        backend.Close(sequence);
        return [.. logits];
    }
}
