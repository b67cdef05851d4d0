using System.Text.Json;
using O1Coder.Inference;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
using O1Coder.Models;

namespace O1Coder.Golden.Tests;

/// <summary>
/// The engine's graph against transformers and PEFT, on Hugging Face folders with float weights, without an adapter and with
/// one; the numbers are copied, never adjusted.
/// </summary>
public sealed class TinyModelGoldenTests
{
    [Theory]
    [InlineData("tiny-qwen2")]
    [InlineData("tiny-llama")]
    public async Task Token_log_probabilities_agree_without_the_adapter_and_with_it(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "data", name);
        var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json"))).RootElement;
        using var weights = HuggingFaceFolder.Open(folder);
        var backend = new OnnxBackend(
            weights, Precision.Exact, WeightPrecision.AsStored, GraphDevice.Cpu, threads: 2, maxSequences: 2, contextLength: 64);
        await using var engine = new InferenceEngine(backend, new NoTokenizer(weights.Description.VocabularySize), [], new EngineOptions(), TimeSpan.Zero);
        var cancellation = TestContext.Current.CancellationToken;
        var version = (await engine.AddAdapterAsync(PeftFolder.Read(Path.Combine(folder, "adapter"), weights.Description), null, cancellation)).Version;

        var largest = golden.GetProperty("tolerance").GetProperty("logprobs").GetDouble();
        foreach (var (adapter, field) in new[] { (null, "token_logprobs"), (version, "adapter_token_logprobs") })
        {
            var differences = new List<double>();
            foreach (var (ids, expected) in Rows(golden, "input_ids").Zip(Rows(golden, field)))
            {
                int[] tokens = [.. ids.Select(id => (int)id)];
                var scores = await engine.ScoreAsync(tokens.AsMemory(0, 1), tokens.AsMemory(1), adapter, default, cancellation);
                differences.AddRange(scores.Zip(expected, (actual, wanted) => Math.Abs(actual - wanted)));
            }

            TestContext.Current.SendDiagnosticMessage($"{name}, {field}: mean |Δ| {differences.Average():e1}, largest {differences.Max():e1}");
            Assert.Equal(69, differences.Count);
            Assert.InRange(differences.Max(), 0, largest);
            Assert.InRange(differences.Average(), 0, largest / 2);
        }
    }

    private static IEnumerable<double[]> Rows(JsonElement golden, string field) => golden.GetProperty(field).EnumerateArray()
        .Select(row => row.EnumerateArray().Select(number => number.GetDouble()).ToArray());

    /// <summary>These folders have none, and scoring needs none.</summary>
    private sealed class NoTokenizer(int vocabulary) : ITokenizer
    {
        public int VocabularySize => vocabulary;

        public int[] Encode(string text, bool parseSpecial) => throw new NotSupportedException();

        public string Decode(ReadOnlySpan<int> ids) => throw new NotSupportedException();

        public ReadOnlyMemory<byte> TokenBytes(int id) => throw new NotSupportedException();

        public int? FindSpecialToken(string text) => null;

        public bool IsSpecialToken(int id) => false;
    }
}
