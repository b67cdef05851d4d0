using O1Coder.Learning.Native;
using O1Coder.Learning.Transformer;
using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Training;

/// <summary>
/// A few steps of AdamW on an adapter with the same rows each time, in 32 bits: what another trainer's losses and gradient
/// norms are compared with.
/// </summary>
public static class TrainingTrace
{
    /// <summary>Takes the steps.</summary>
    /// <param name="modelFolder">GGUF or Hugging Face.</param>
    /// <param name="adapterFolder">The PEFT adapter to begin with; it is not changed.</param>
    /// <param name="rows">Token ids.</param>
    /// <param name="masks">As long as the rows: a token counts as a target where its value is 1. A row's first never does.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="optimizer">Rate (constant), decay and largest norm.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="cancellationToken">Stops it within a second.</param>
    /// <returns>Each step's loss and norm.</returns>
    /// <exception cref="ModelFormatException">Model or adapter is not what it should be.</exception>
    /// <exception cref="ArgumentException">Masks do not fit the rows, or none counts.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<TraceStep> Follow(
        string modelFolder, string adapterFolder, IReadOnlyList<int[]> rows, IReadOnlyList<int[]> masks, int steps,
        OptimizerSpec optimizer, int threads, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentNullException.ThrowIfNull(optimizer);
        var packed = Pack(rows, masks);
        NativeTorch.Load();
        set_num_threads(threads);
        using var source = BaseModel.Open(modelFolder, cancellationToken);
        var adapter = PeftFolder.Read(adapterFolder, source.Weights.Description);
        using var model = new LoraTransformer(
            source.Weights, adapter, trainable: true, ProductPrecision.Choose(BasePrecision.Float32), cancellationToken: cancellationToken);
        using var mover = new AdamW(model.Lora!, optimizer.WeightDecay);
        var trace = new List<TraceStep>();
        for (var step = 1; step <= steps; step++)
        {
            trace.Add(Step(model, packed, mover, cancellationToken));
            mover.Move(step, optimizer.LearningRate, trace[^1].GradientNorm, optimizer.MaxGradientNorm);
            model.AdapterMoved();
        }

        return trace;
    }

    private static TraceStep Step(LoraTransformer model, PackedRows rows, AdamW mover, CancellationToken cancellationToken)
    {
        var loss = 0.0;
        double[] Mean(float[] scores)
        {
            loss = -scores.Average(score => (double)score);
            return [.. Enumerable.Repeat(-1.0 / scores.Length, scores.Length)];
        }

        model.Lora!.Gradient.zero_().Dispose();
        model.Accumulate(rows, ScoreKind.NextToken, Mean, null, recompute: false, cancellationToken);
        return new(loss, mover.GradientNorm());
    }

    private static PackedRows Pack(IReadOnlyList<int[]> rows, IReadOnlyList<int[]> masks)
    {
        if (rows.Count != masks.Count || rows.Zip(masks).Any(pair => pair.First.Length != pair.Second.Length || pair.First.Length == 0))
        {
            throw new ArgumentException("masks do not have the rows' lengths: expected a value for each token", nameof(masks));
        }

        var packed = new PackedRows([.. rows.Zip(masks, (row, mask) =>
            (row, Enumerable.Range(0, row.Length - 1).Where(place => mask[place + 1] == 1).ToArray()))]);
        return packed.Places.Length > 0 ? packed : throw new ArgumentException("no token counts: expected at least one", nameof(masks));
    }
}
