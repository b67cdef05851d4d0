using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;
using TorchSharp;

namespace O1Coder.Learning.Tests;

/// <summary>The transformer against transformers and PEFT in float32 (tests/Golden.Tests/data).</summary>
public sealed class TransformerTests
{
    public static TheoryData<string> Names => GoldenModel.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void LastLogitsAreThoseOfTransformers(string name)
    {
        using var golden = new GoldenModel(name);
        using var model = golden.Load();
        var rows = new PackedRows([.. golden.Rows.Select(row => (row, new[] { row.Length - 1 }))]);
        var logits = model.Logits(rows, TestContext.Current.CancellationToken);
        var expected = GoldenModel.Floats(golden.Expected.GetProperty("last_logits"));
        var tolerance = golden.Expected.GetProperty("tolerance").GetProperty("logits").GetSingle();
        for (var row = 0; row < expected.Length; row++)
        {
            for (var token = 0; token < expected[row].Length; token++)
            {
                Assert.Equal(expected[row][token], logits[row, token], tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LogProbabilitiesAreThoseOfTransformersWithAndWithoutTheAdapter(string name)
    {
        using var golden = new GoldenModel(name);
        foreach (var (field, adapter) in new[] { ("token_logprobs", null), ("adapter_token_logprobs", golden.Adapter()) })
        {
            using var model = golden.Load(adapter);
            var rows = new PackedRows([.. golden.Rows.Select(row => (row, Enumerable.Range(0, row.Length - 1).ToArray()))]);
            var scores = model.Score(rows, ScoreKind.NextToken, TestContext.Current.CancellationToken);
            var expected = GoldenModel.Floats(golden.Expected.GetProperty(field)).SelectMany(row => row).ToArray();
            var tolerance = golden.Expected.GetProperty("tolerance").GetProperty("logprobs").GetSingle();
            Assert.Equal(expected.Length, scores.Length);
            Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GreedyContinuationIsThatOfTransformers(string name)
    {
        using var golden = new GoldenModel(name);
        using var model = golden.Load();
        var greedy = golden.Expected.GetProperty("greedy");
        var row = greedy.GetProperty("prompt").EnumerateArray().Select(id => id.GetInt32()).ToList();
        foreach (var expected in greedy.GetProperty("continuation").EnumerateArray())
        {
            var logits = model.Logits(new PackedRows([([.. row], [row.Count - 1])]), TestContext.Current.CancellationToken);
            var best = Enumerable.Range(0, logits.GetLength(1)).MaxBy(token => logits[0, token]);
            Assert.Equal(expected.GetInt32(), best);
            row.Add(best);
        }
    }

    [Fact]
    public void CancellingStopsBetweenLayersAndGivesEverythingBack()
    {
        using var golden = new GoldenModel("tiny-qwen2");
        using var model = golden.Load(golden.Adapter(), trainable: true);
        using var cancel = new CancellationTokenSource();
        var rows = new PackedRows([.. golden.Rows.Select(row => (row, new[] { 3, 9 }))]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Throws<OperationCanceledException>(() => model.Accumulate(
            rows, ScoreKind.NextToken,
            scores =>
            {
                cancel.Cancel();
                return new double[scores.Length];
            },
            null, recompute: false, cancel.Token));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void PackedRowsDoNotSeeEachOther()
    {
        using var golden = new GoldenModel("tiny-llama");
        using var model = golden.Load(golden.Adapter());
        var alone = golden.Rows.SelectMany(row => model.Score(
            new PackedRows([(row, [2, 20])]), ScoreKind.Labels, TestContext.Current.CancellationToken)).ToArray();
        var packed = model.Score(
            new PackedRows([.. golden.Rows.Select(row => (row, new[] { 2, 20 }))]), ScoreKind.Labels, TestContext.Current.CancellationToken);
        Assert.All(alone.Zip(packed), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5f));
    }

    [Fact]
    public void ABaseInSixteenBitsIsCloseToOneInThirtyTwo()
    {
        using var golden = new GoldenModel("tiny-qwen2");
        using var exact = golden.Load(golden.Adapter());
        var rows = new PackedRows([.. golden.Rows.Select(row => (row, Enumerable.Range(0, row.Length - 1).ToArray()))]);
        var expected = exact.Score(rows, ScoreKind.NextToken, TestContext.Current.CancellationToken);
        foreach (var computed in new[] { torch.ScalarType.Float32, torch.ScalarType.BFloat16 })
        {
            // Both ways of computing with it, whichever this machine would choose.
            using var model = new LoraTransformer(golden.Weights, golden.Adapter(), false, new(torch.ScalarType.BFloat16, computed));
            var scores = model.Score(rows, ScoreKind.NextToken, TestContext.Current.CancellationToken);
            Assert.InRange(expected.Zip(scores, (left, right) => Math.Abs(left - right)).Average(), 1e-7, 0.05);
        }
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.BFloat16)]
    public void TrainingGoesOnStepAfterStepWhicheverTypeProductsAreComputedIn(torch.ScalarType computed)
    {
        // A machine chooses one of the two, so both are tried on each.
        using var golden = new GoldenModel("tiny-qwen2");
        using var model = new LoraTransformer(golden.Weights, golden.Adapter(), true, new(torch.ScalarType.BFloat16, computed));
        using var mover = new AdamW(model.Lora!, weightDecay: 0);
        var rows = new PackedRows([.. golden.Rows.Select(row => (row, Enumerable.Range(0, row.Length - 1).ToArray()))]);
        var losses = new List<double>();
        for (var step = 1; step <= 8; step++)
        {
            double[] Mean(float[] scores)
            {
                losses.Add(-scores.Average(score => (double)score));
                return [.. Enumerable.Repeat(-1.0 / scores.Length, scores.Length)];
            }

            model.Lora!.Gradient.zero_().Dispose();
            model.Accumulate(rows, ScoreKind.NextToken, Mean, null, recompute: step % 2 == 0, TestContext.Current.CancellationToken);
            mover.Move(step, 1e-2, mover.GradientNorm(), 1);
            model.AdapterMoved();
        }

        Assert.True(losses[^1] < losses[0] - 0.1, $"losses {string.Join(", ", losses)}");
    }
}
