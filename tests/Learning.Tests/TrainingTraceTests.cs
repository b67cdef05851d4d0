using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Tests;

/// <summary>Six steps of AdamW against PyTorch and PEFT in float32 (tests/Golden.Tests/data).</summary>
public sealed class TrainingTraceTests
{
    public static TheoryData<string> Names => GoldenModel.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void LossesAndGradientNormsAreThoseOfPyTorch(string name) => Follow(name, recompute: false);

    [Theory]
    [MemberData(nameof(Names))]
    public void ComputingLayersAgainChangesNothing(string name) => Follow(name, recompute: true);

    private static void Follow(string name, bool recompute)
    {
        using var golden = new GoldenModel(name);
        var trace = golden.Expected.GetProperty("lora_sft_trace");
        var tolerance = trace.GetProperty("tolerance").GetDouble();
        var losses = GoldenModel.Row(trace.GetProperty("losses"));
        var norms = GoldenModel.Row(trace.GetProperty("grad_norms_before_clip"));
        var masks = GoldenModel.Numbers(trace.GetProperty("mask"));
        var rows = new PackedRows([.. golden.Rows.Zip(masks, (row, mask) =>
            (row, Enumerable.Range(0, row.Length - 1).Where(place => mask[place + 1] == 1).ToArray()))]);
        using var model = golden.Load(golden.Adapter(), trainable: true);
        using var optimizer = new AdamW(model.Lora!, 0.01);
        for (var step = 0; step < losses.Length; step++)
        {
            var loss = 0.0;
            model.Lora!.Gradient.zero_().Dispose();
            model.Accumulate(rows, ScoreKind.NextToken, scores =>
            {
                loss = -scores.Average();
                return [.. Enumerable.Repeat(-1.0 / scores.Length, scores.Length)];
            }, null, recompute, TestContext.Current.CancellationToken);
            var norm = optimizer.GradientNorm();
            Assert.Equal(losses[step], loss, tolerance);
            Assert.Equal(norms[step], norm, tolerance);
            optimizer.Move(step + 1, 5e-3, norm, 1);
            model.AdapterMoved();
        }
    }
}
