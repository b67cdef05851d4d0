using O1Coder.Learning.Training;

namespace O1Coder.Learning.Tests;

/// <summary>Six steps of AdamW against PyTorch and PEFT in float32 (tests/Golden.Tests/data).</summary>
public sealed class TrainingTraceTests
{
    public static TheoryData<string> Names => GoldenModel.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void LossesAndGradientNormsAreThoseOfPyTorch(string name)
    {
        using var golden = new GoldenModel(name);
        var expected = golden.Expected.GetProperty("lora_sft_trace");
        var tolerance = expected.GetProperty("tolerance").GetDouble();
        var losses = GoldenModel.Row(expected.GetProperty("losses"));
        var norms = GoldenModel.Row(expected.GetProperty("grad_norms_before_clip"));
        var masks = GoldenModel.Numbers(expected.GetProperty("mask"));
        var trace = TrainingTrace.Follow(
            golden.Folder, golden.AdapterFolder, golden.Rows, masks, losses.Length,
            new() { LearningRate = 5e-3, WeightDecay = 0.01, MaxGradientNorm = 1 }, 1, TestContext.Current.CancellationToken);
        Assert.Equal(losses.Length, trace.Count);
        for (var step = 0; step < trace.Count; step++)
        {
            Assert.Equal(losses[step], trace[step].Loss, tolerance);
            Assert.Equal(norms[step], trace[step].GradientNorm, tolerance);
        }
    }
}
