using O1Coder.Learning.Native;
using O1Coder.Learning.Training;
using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// Log-probabilities as the trainer sees them, of the base model or with an adapter. One caller at a time, and always from
/// the thread that opened it.
/// </summary>
public sealed class SequenceScoring : IDisposable
{
    private readonly LoraTransformer _model;

    private SequenceScoring(LoraTransformer model) => _model = model;

    /// <summary>The model's shape.</summary>
    public ModelDescription Model => _model.Model;

    /// <summary>Reads a model.</summary>
    /// <param name="modelFolder">GGUF or Hugging Face.</param>
    /// <param name="adapterFolder">A PEFT adapter; empty for the base alone.</param>
    /// <param name="precision">How base weights are held.</param>
    /// <param name="threads">Threads that compute; libtorch has one such setting for the whole process.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ModelFormatException">Model or adapter is not what it should be.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SequenceScoring Open(
        string modelFolder, string adapterFolder, BasePrecision precision, int threads, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        ArgumentNullException.ThrowIfNull(adapterFolder);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        NativeTorch.Load();
        set_num_threads(threads);
        using var model = BaseModel.Open(modelFolder, cancellationToken);
        var adapter = adapterFolder.Length > 0 ? PeftFolder.Read(adapterFolder, model.Weights.Description) : null;
        return new(new(
            model.Weights, adapter, trainable: false, ProductPrecision.Choose(precision), cancellationToken: cancellationToken));
    }

    /// <summary>log p(token | all before it), in nats, of every token but the first.</summary>
    /// <param name="ids">At least two tokens in [0, vocabulary).</param>
    /// <param name="cancellationToken">Stops it within a second.</param>
    /// <returns>One value less than there are tokens.</returns>
    /// <exception cref="ArgumentException">There are fewer tokens, or one is not the model's.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[] LogProbabilities(IReadOnlyList<int> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count < 2)
        {
            throw new ArgumentException($"{ids.Count} tokens: expected at least 2", nameof(ids));
        }

        return _model.Score(Rows(ids, [.. Enumerable.Range(0, ids.Count - 1)]), ScoreKind.NextToken, cancellationToken);
    }

    /// <summary>The logits of the token after the last one: [vocabulary].</summary>
    /// <param name="ids">At least one token in [0, vocabulary).</param>
    /// <param name="cancellationToken">Stops it within a second.</param>
    /// <exception cref="ArgumentException">There is no token, or one is not the model's.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[] NextLogits(IReadOnlyList<int> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count < 1)
        {
            throw new ArgumentException("no tokens: expected at least 1", nameof(ids));
        }

        return [.. _model.Logits(Rows(ids, [ids.Count - 1]), cancellationToken).Cast<float>()];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private PackedRows Rows(IReadOnlyList<int> ids, int[] places)
    {
        foreach (var id in ids)
        {
            if (id < 0 || id >= _model.Model.VocabularySize)
            {
                throw new ArgumentException($"token {id}: expected one in [0, {_model.Model.VocabularySize})", nameof(ids));
            }
        }

        return new([([.. ids], places)]);
    }
}
