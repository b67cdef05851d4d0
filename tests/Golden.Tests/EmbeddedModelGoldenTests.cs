using System.Text.Json;
using O1Coder.Inference;

namespace O1Coder.Golden.Tests;

/// <summary>
/// The engine's log-probabilities and greedy continuations against transformers in float32 on the same weights; the
/// numbers are copied, never adjusted.
/// </summary>
public sealed class EmbeddedModelGoldenTests(EngineFixture engines)
{
    // 8-bit activations: the project's bound on the mean, and what single tokens were seen to differ by (0.28), with
    // room for processors whose kernels round elsewhere.
    private const double FastMean = 0.03;
    private const double FastMax = 0.5;

    private static readonly JsonElement s_golden = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "embedded-model.json"))).RootElement;

    [Fact]
    public void The_tokenizer_gives_the_ids_of_every_text() =>
        Assert.All(Cases("cases"), example =>
            Assert.Equal(Ids(example, "ids"), engines.Tokenizer.Encode(example.GetProperty("text").GetString()!, parseSpecial: true)));

    [Theory]
    [InlineData(EngineBackend.Onnx, Precision.Exact)]
    [InlineData(EngineBackend.Onnx, Precision.Fast)]
    [InlineData(EngineBackend.Cpu, Precision.Exact)]
    [InlineData(EngineBackend.Cpu, Precision.Fast)]
    public async Task Token_log_probabilities_agree(EngineBackend backend, Precision precision)
    {
        var differences = new List<double>();
        foreach (var example in Cases("cases"))
        {
            var ids = Ids(example, "ids");
            differences.AddRange(Differences(await Score(backend, precision, ids[..1], ids[1..]), Numbers(example, "token_logprobs")));
        }

        foreach (var example in Cases("greedy"))
        {
            var scores = await Score(backend, precision, Ids(example, "ids"), Ids(example, "continuation"));
            differences.AddRange(Differences(scores, Numbers(example, "logprobs")));
        }

        var (mean, max) = Tolerance(precision);
        TestContext.Current.SendDiagnosticMessage($"{backend}, {precision}: mean |Δ| {differences.Average():e1}, largest {differences.Max():e1}");
        Assert.Equal(348, differences.Count);
        Assert.InRange(differences.Average(), 0, mean);
        Assert.InRange(differences.Max(), 0, max);
    }

    [Theory]
    [InlineData(EngineBackend.Onnx, Precision.Exact)]
    [InlineData(EngineBackend.Onnx, Precision.Fast)]
    [InlineData(EngineBackend.Cpu, Precision.Exact)]
    [InlineData(EngineBackend.Cpu, Precision.Fast)]
    public async Task The_likeliest_last_tokens_have_their_log_probabilities(EngineBackend backend, Precision precision)
    {
        foreach (var example in Cases("cases"))
        {
            foreach (var candidate in example.GetProperty("top5").EnumerateArray())
            {
                var score = Assert.Single(await Score(backend, precision, Ids(example, "ids"), [candidate[0].GetInt32()]));

                // In Fast, unlikely tokens move more: their logits lie far from the rest.
                var tolerance = Tolerance(precision).Max * (precision == Precision.Exact ? 1 : 2);
                Assert.InRange(Math.Abs(score - candidate[1].GetDouble()), 0, tolerance);
            }
        }
    }

    // The second opinion's exact graph decodes slowest of all; its log-probabilities are compared above.
    [Theory]
    [InlineData(EngineBackend.Onnx, Precision.Fast)]
    [InlineData(EngineBackend.Cpu, Precision.Exact)]
    [InlineData(EngineBackend.Cpu, Precision.Fast)]
    public async Task Greedy_continuations_agree_up_to_near_ties(EngineBackend backend, Precision precision)
    {
        var (_, max) = Tolerance(precision);
        Assert.Equal(3, Cases("greedy").Count());

        // All at once, which is quicker, and changes nothing: sequences in a batch do not touch each other.
        var answers = await Task.WhenAll(Cases("greedy").Select(example =>
            Generate(backend, precision, Ids(example, "ids"), Ids(example, "continuation").Length)));
        foreach (var (example, (tokens, scores, text)) in Cases("greedy").Zip(answers))
        {
            var expected = Ids(example, "continuation");
            var margins = Numbers(example, "margins");
            var logProbabilities = Numbers(example, "logprobs");
            Assert.Equal(expected.Length, tokens.Count);

            var same = tokens.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
            Assert.All(Enumerable.Range(0, same), i => Assert.InRange(Math.Abs(scores[i] - logProbabilities[i]), 0, max));
            if (same == expected.Length)
            {
                Assert.Equal(example.GetProperty("text").GetString(), text);
                continue;
            }

            // Only where the reference itself hardly prefers its token may 8-bit activations choose another.
            Assert.Equal(Precision.Fast, precision);
            Assert.InRange(margins[same], 0, 0.1);
        }
    }

    private Task<float[]> Score(EngineBackend backend, Precision precision, int[] prompt, int[] continuation) =>
        engines[backend, precision].ScoreAsync(prompt, continuation, null, default, TestContext.Current.CancellationToken);

    private async Task<(IReadOnlyList<int> Tokens, List<float> Scores, string Text)> Generate(
        EngineBackend backend, Precision precision, int[] prompt, int length)
    {
        var request = new GenerationRequest { Prompt = prompt, Sampling = new SamplingOptions { MaxTokens = length } };
        var scores = new List<float>();
        SequenceFinished? finished = null;
        await foreach (var happened in engines[backend, precision].GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            switch (happened)
            {
                case SequenceChunk chunk:
                    scores.AddRange(chunk.ModelLogProbabilities);
                    break;
                case SequenceFinished end:
                    finished = end;
                    break;
            }
        }

        Assert.NotNull(finished);
        return (finished.Tokens, scores, finished.Text);
    }

    private static (double Mean, double Max) Tolerance(Precision precision)
    {
        var stated = s_golden.GetProperty("tolerance").GetProperty("float32");
        return precision == Precision.Exact
            ? (stated.GetProperty("mean_abs_logprob").GetDouble(), stated.GetProperty("max_abs_logprob").GetDouble())
            : (FastMean, FastMax);
    }

    private static IEnumerable<double> Differences(float[] actual, double[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        return actual.Zip(expected, (a, b) => Math.Abs(a - b));
    }

    private static IEnumerable<JsonElement> Cases(string kind) => s_golden.GetProperty(kind).EnumerateArray();

    private static int[] Ids(JsonElement example, string field) =>
        [.. example.GetProperty(field).EnumerateArray().Select(id => id.GetInt32())];

    private static double[] Numbers(JsonElement example, string field) =>
        [.. example.GetProperty(field).EnumerateArray().Select(number => number.GetDouble())];
}
