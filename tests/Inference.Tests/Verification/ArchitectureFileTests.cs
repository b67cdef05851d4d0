using O1Coder.Inference.Verification;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Verification;

/// <summary>
/// Files of every architecture in every type run on every back end and every kind of instructions, and give what the decoder
/// written in doubles gives on the same weights.
/// </summary>
public sealed class ArchitectureFileTests : IDisposable
{
    // Products of 8-bit activations, on weights that nothing was trained to make forgiving.
    private const double FastMean = 0.1;

    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-files-").FullName;

    public static TheoryData<string, GgufTensorType> Cases
    {
        get
        {
            var cases = new TheoryData<string, GgufTensorType>();
            foreach (var architecture in new[] { "qwen2", "llama", "qwen3" })
            {
                foreach (var type in new[]
                {
                    GgufTensorType.F32, GgufTensorType.F16, GgufTensorType.BF16, GgufTensorType.Q8_0, GgufTensorType.Q4_0, GgufTensorType.Q4_1,
                    GgufTensorType.Q5_0, GgufTensorType.Q5_1, GgufTensorType.Q4_K, GgufTensorType.Q5_K, GgufTensorType.Q6_K,
                })
                {
                    cases.Add(architecture, type);
                }
            }

            return cases;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_type_runs_everywhere(string architecture, GgufTensorType type)
    {
        var path = Path.Combine(_folder, "model.gguf");
        await File.WriteAllBytesAsync(path, ArchitectureFile.Writer(architecture, type).ToBytes(), TestContext.Current.CancellationToken);
        using var weights = LanguageModel.OpenWeights(path);
        Assert.Equal((architecture, type), (weights.Description.Architecture, weights.StoredType("model.layers.1.mlp.down_proj.weight")));
        await AgreesAsync(weights);
    }

    [Fact]
    public async Task A_file_in_parts_is_the_same_model()
    {
        var (first, second) = ArchitectureFile.Split("llama", GgufTensorType.Q4_K);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "m-00001-of-00002.gguf"), first.ToBytes(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "m-00002-of-00002.gguf"), second.ToBytes(), TestContext.Current.CancellationToken);
        var whole = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "whole")).FullName, "m.gguf");
        await File.WriteAllBytesAsync(whole, ArchitectureFile.Writer("llama", GgufTensorType.Q4_K).ToBytes(), TestContext.Current.CancellationToken);
        using var parts = LanguageModel.OpenWeights(_folder);
        using var one = LanguageModel.OpenWeights(whole);
        Assert.Equal(one.Read("model.layers.0.self_attn.q_proj.weight"), parts.Read("model.layers.0.self_attn.q_proj.weight"));
        await AgreesAsync(parts);
        foreach (var variant in EngineVariant.Runnable)
        {
            Assert.Equal(await ScoresAsync(variant, one), await ScoresAsync(variant, parts));
        }
    }

    private static async Task<double[]> ScoresAsync(EngineVariant variant, IWeights weights)
    {
        await using var model = MeasuredModel.Load(variant, weights, threads: 2, context: 64);
        return await model.ScoreAsync(Text(40), null, TestContext.Current.CancellationToken);
    }

    private static async Task AgreesAsync(IWeights weights)
    {
        var tokens = Text(40);
        var expected = new ReferenceModel(weights, null).LogProbabilities(tokens);
        foreach (var variant in EngineVariant.Runnable)
        {
            await using var model = MeasuredModel.Load(variant, weights, threads: 2, context: 64);
            var scores = await model.ScoreAsync(tokens, null, TestContext.Current.CancellationToken);
            var differences = scores.Select((score, i) => Math.Abs(score - expected[i][tokens[i + 1]])).ToList();
            TestContext.Current.SendDiagnosticMessage($"{model.Name}: mean {differences.Average():e1}, largest {differences.Max():e1}");
            if (variant.Precision == Precision.Exact)
            {
                Assert.InRange(differences.Max(), 0, 1e-4);
            }
            else
            {
                Assert.InRange(differences.Average(), 0, FastMean);
            }
        }
    }

    private static int[] Text(int length)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(ArchitectureFile.Vocabulary))];
    }
}
