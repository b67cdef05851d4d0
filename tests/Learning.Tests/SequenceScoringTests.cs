using System.Text.Json;
using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Tests;

public sealed class SequenceScoringTests
{
    [Fact]
    public void TheEmbeddedModelIsThatOfTransformers()
    {
        var path = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", "embedded-model.json");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(path));
        var tolerance = golden.RootElement.GetProperty("tolerance").GetProperty("float32");
        using var scoring = SequenceScoring.Open(
            Repository.EmbeddedModel, "", BasePrecision.Float32, 1, TestContext.Current.CancellationToken);
        var differences = new List<double>();
        foreach (var one in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            var ids = one.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            var expected = GoldenModel.Row(one.GetProperty("token_logprobs"));
            var actual = scoring.LogProbabilities(ids, TestContext.Current.CancellationToken);
            Assert.Equal(expected.Length, actual.Length);
            differences.AddRange(expected.Zip(actual, (left, right) => (double)Math.Abs(left - right)));
        }

        Assert.InRange(differences.Average(), 0, tolerance.GetProperty("mean_abs_logprob").GetDouble());
        Assert.InRange(differences.Max(), 0, tolerance.GetProperty("max_abs_logprob").GetDouble());
        TestContext.Current.SendDiagnosticMessage($"mean {differences.Average():g3}, largest {differences.Max():g3}");
    }

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-qwen2")]
    public void AnAdapterIsTakenFromItsFolder(string name)
    {
        using var golden = new GoldenModel(name);
        using var scoring = SequenceScoring.Open(
            golden.Folder, golden.AdapterFolder, BasePrecision.Float32, 1, TestContext.Current.CancellationToken);
        var expected = GoldenModel.Floats(golden.Expected.GetProperty("adapter_token_logprobs"));
        var tolerance = golden.Expected.GetProperty("tolerance").GetProperty("logprobs").GetSingle();
        for (var row = 0; row < expected.Length; row++)
        {
            var actual = scoring.LogProbabilities(golden.Rows[row], TestContext.Current.CancellationToken);
            Assert.All(expected[row].Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    [Fact]
    public void TokensThatAreNotTheModelsAreNamed()
    {
        using var golden = new GoldenModel("tiny-qwen2");
        using var scoring = SequenceScoring.Open(golden.Folder, "", BasePrecision.BFloat16, 1, TestContext.Current.CancellationToken);
        var stop = TestContext.Current.CancellationToken;
        var failure = Assert.Throws<ArgumentException>(() => scoring.LogProbabilities([1, 384], stop));
        Assert.Contains("384", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => scoring.LogProbabilities([1], stop));
        Assert.Throws<ArgumentException>(() => scoring.NextLogits([], stop));
        Assert.Equal(384, scoring.NextLogits([1], stop).Length);
    }
}
