using System.Text.Json;
using O1Coder.Learning.Data;
using O1Coder.Learning.Training;

namespace O1Coder.Learning.Tests;

/// <summary>What runs minimise, against tests/Golden.Tests/data/losses.json.</summary>
public sealed class ObjectiveTests
{
    [Fact]
    public void PreferenceLossesAndTheirGradientsAreThoseOfAutograd()
    {
        var seen = 0;
        foreach (var one in Cases("preference_loss"))
        {
            double[][] given = [.. new[] { "policy_chosen", "policy_rejected", "reference_chosen", "reference_rejected" }
                .Select(name => Numbers(one.GetProperty(name)))];
            var pairs = given[0].Length;
            var objective = new PreferenceObjective(
                new()
                {
                    Beta = one.GetProperty("beta").GetDouble(),
                    Loss = Enum.Parse<PreferenceLossKind>(one.GetProperty("loss").GetString()!, ignoreCase: true),
                    LabelSmoothing = one.GetProperty("label_smoothing").GetDouble(),
                },
                []);
            var expected = one.GetProperty("expected");
            var gradient = Numbers(expected.GetProperty("grad_policy_chosen"));
            var losses = Enumerable.Range(0, pairs)
                .Select(i => objective.Loss(given[0][i] - given[1][i] - (given[2][i] - given[3][i]))).ToList();
            Assert.Equal(expected.GetProperty("loss").GetDouble(), losses.Average(loss => loss.Loss), tolerance: 1e-6);
            Assert.All(losses.Zip(gradient), pair => Assert.Equal(pair.Second, pair.First.Slope / pairs, tolerance: 1e-5));
            seen++;
        }

        Assert.True(seen > 0);
    }

    [Theory]
    [InlineData("prm_pointwise_hard")]
    [InlineData("prm_pointwise_soft")]
    public void StepLabelLossesAreThoseOfAutograd(string kind)
    {
        foreach (var one in Cases(kind))
        {
            var labels = Numbers(one.GetProperty("labels"));
            var unit = new TrainingUnit("", [new([1], [0])], labels);
            var scores = Numbers(one.GetProperty("logits"));
            var loss = Evaluate(new StepLabelObjective(), [unit], scores) / labels.Length;
            Assert.Equal(one.GetProperty("expected").GetProperty("loss").GetDouble(), loss, tolerance: 1e-6);
        }
    }

    [Fact]
    public void StepPairLossesAreThoseOfAutograd()
    {
        foreach (var one in Cases("prm_pairwise"))
        {
            var (chosen, rejected) = (Numbers(one.GetProperty("chosen")), Numbers(one.GetProperty("rejected")));
            var units = chosen.Select(_ => new TrainingUnit("", [new([1], [0]), new([1], [0])], [])).ToArray();
            var scores = chosen.Zip(rejected).SelectMany(pair => new[] { pair.First, pair.Second }).ToArray();
            var loss = Evaluate(new StepPairObjective(), units, scores) / chosen.Length;
            Assert.Equal(one.GetProperty("expected").GetProperty("loss").GetDouble(), loss, tolerance: 1e-6);
        }
    }

    /// <summary>The sum of losses, after slopes were compared with differences.</summary>
    private static double Evaluate(IObjective objective, TrainingUnit[] units, double[] scores)
    {
        var batch = units.Select((unit, i) => (i, unit)).ToList();
        var slopes = new double[scores.Length];
        double At(int changed, double by) => objective.Evaluate(
            batch, Array.ConvertAll(scores, score => (float)score).Select((score, i) => i == changed ? (float)(score + by) : score).ToArray(),
            new double[scores.Length]).Sum;
        var result = objective.Evaluate(batch, Array.ConvertAll(scores, score => (float)score), slopes).Sum;
        for (var i = 0; i < scores.Length; i++)
        {
            Assert.Equal((At(i, 1e-2) - At(i, -1e-2)) / 2e-2, slopes[i], tolerance: 1e-3);
        }

        return result;
    }

    private static List<JsonElement> Cases(string kind)
    {
        var path = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", "losses.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        List<JsonElement> cases = [.. document.RootElement.GetProperty("cases").EnumerateArray()
            .Where(one => one.GetProperty("kind").GetString() == kind).Select(one => one.Clone())];
        Assert.NotEmpty(cases);
        return cases;
    }

    private static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetDouble())];
}
