using System.Text.Json;
using O1Coder.Inference;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Tests;
using O1Coder.Models;

namespace O1Coder.Golden.Tests;

/// <summary>
/// Our own decoder against transformers and PEFT, on Hugging Face folders with float weights, on every kind of instructions
/// that the machine has; the numbers are copied, never adjusted.
/// </summary>
public sealed class TinyModelCpuGoldenTests
{
    public static TheoryData<string, string, Precision> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, Precision>();
            foreach (var path in KernelPaths.Runnable)
            {
                foreach (var name in new[] { "tiny-qwen2", "tiny-llama" })
                {
                    cases.Add(name, $"{path}", Precision.Exact);
                    cases.Add(name, $"{path}", Precision.Fast);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_log_probabilities_and_greedy_tokens_agree(string name, string path, Precision precision)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "data", name);
        var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json"))).RootElement;
        using var weights = HuggingFaceFolder.Open(folder);
        using var backend = new CpuBackend(
            weights, precision, WeightPrecision.Float32, Enum.Parse<KernelPath>(path), threads: 2, maxSequences: 2, contextLength: 64);
        var adapter = backend.Prepare(PeftFolder.Read(Path.Combine(folder, "adapter"), weights.Description));
        var tolerance = golden.GetProperty("tolerance");
        var (logit, probability) = (tolerance.GetProperty("logits").GetDouble(), tolerance.GetProperty("logprobs").GetDouble());

        var texts = Rows(golden, "input_ids").Select(row => row.Select(id => (int)id).ToArray()).ToArray();
        foreach (var (tokens, expected) in texts.Zip(Rows(golden, "last_logits")))
        {
            var last = Read(backend, null, tokens)[^1];
            Assert.InRange(last.Zip(expected, (actual, wanted) => Math.Abs(actual - wanted)).Max(), 0, logit);
        }

        foreach (var (given, field) in new[] { (null, "token_logprobs"), (adapter, "adapter_token_logprobs") })
        {
            var differences = new List<double>();
            foreach (var (tokens, expected) in texts.Zip(Rows(golden, field)))
            {
                var scores = Read(backend, given, tokens)[..^1].Select((row, i) => LogProbability(row, tokens[i + 1]));
                differences.AddRange(scores.Zip(expected, (actual, wanted) => Math.Abs(actual - wanted)));
            }

            TestContext.Current.SendDiagnosticMessage($"{name}, {path}, {precision}, {field}: largest {differences.Max():e1}");
            Assert.Equal(69, differences.Count);
            Assert.InRange(differences.Max(), 0, probability);
            Assert.InRange(differences.Average(), 0, probability / 2);
        }

        var greedy = golden.GetProperty("greedy");
        int[] prompt = [.. greedy.GetProperty("prompt").EnumerateArray().Select(id => id.GetInt32())];
        int[] continuation = [.. greedy.GetProperty("continuation").EnumerateArray().Select(id => id.GetInt32())];
        var sequence = backend.Open(null);
        var next = Largest(backend.Prefill(sequence, prompt, [prompt.Length - 1]));
        foreach (var wanted in continuation)
        {
            Assert.Equal(wanted, next);
            backend.Decode([sequence], [next]);
            next = Largest(backend.Logits(sequence));
        }
    }

    private static float[][] Read(CpuBackend backend, BackendAdapter? adapter, int[] tokens)
    {
        var sequence = backend.Open(adapter);
        var logits = backend.Prefill(sequence, tokens, [.. Enumerable.Range(0, tokens.Length)]).ToArray();
        backend.Close(sequence);
        return [.. logits.Chunk(backend.VocabularySize)];
    }

    private static double LogProbability(float[] row, int token)
    {
        var largest = row.Max();
        return row[token] - largest - Math.Log(row.Sum(logit => Math.Exp(logit - largest)));
    }

    private static int Largest(ReadOnlySpan<float> logits) => logits.IndexOf(logits.ToArray().Max());

    private static IEnumerable<double[]> Rows(JsonElement golden, string field) => golden.GetProperty(field).EnumerateArray()
        .Select(row => row.EnumerateArray().Select(number => number.GetDouble()).ToArray());
}
