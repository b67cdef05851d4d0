using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// A qwen2 or llama model with a LoRA adapter (arXiv 2106.09685), for training and scoring: base weights frozen, the
/// adapter in 32 bits. Not safe for concurrent callers.
/// </summary>
internal sealed class LoraTransformer : IDisposable
{
    private readonly WideningBuffers _buffers = new();
    private readonly List<TransformerLayer> _layers = [];
    private readonly VocabularyHead _head;
    private readonly RmsNorm _norm;
    private readonly (int Positive, int Negative) _labels;

    /// <summary>Reads all weights.</summary>
    /// <param name="weights">The base model; not needed afterwards.</param>
    /// <param name="adapter">The adapter, which fits the model; null for the base alone.</param>
    /// <param name="trainable">Whether the adapter is to be trained.</param>
    /// <param name="precision">What weights are held in.</param>
    /// <param name="labels">The tokens of <see cref="ScoreKind.Labels"/>.</param>
    /// <param name="progress">Told layers read and layers in all.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ModelFormatException">A tensor cannot be read, or the model normalises queries and keys.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public LoraTransformer(
        IWeights weights, LoraAdapter? adapter, bool trainable, ProductPrecision precision, (int Positive, int Negative) labels = default,
        Action<int, int>? progress = null, CancellationToken cancellationToken = default)
    {
        Model = weights.Description;
        Model.RefuseQueryKeyNorm("the trainer");
        Precision = precision;
        _labels = labels;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        try
        {
            Lora = adapter is null ? null : new LoraParameters(Model, adapter, precision.Computed, trainable);
            _head = new VocabularyHead(weights, precision, _buffers, cancellationToken);
            _norm = RmsNorm.Load(weights, "model.norm.weight");
            for (var layer = 0; layer < Model.Layers; layer++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke(layer, Model.Layers);
                _layers.Add(new TransformerLayer(weights, layer, precision, Lora, _buffers));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The model's shape.</summary>
    public ModelDescription Model { get; }

    /// <summary>What weights are held in.</summary>
    public ProductPrecision Precision { get; }

    /// <summary>The adapter's factors; null for the base alone.</summary>
    public LoraParameters? Lora { get; }

    /// <summary>Takes the adapter's factors over, after they have moved.</summary>
    public void AdapterMoved()
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        Lora?.Round();
        _layers.ForEach(layer => layer.AdapterMoved());
    }

    /// <summary>A score at each of the pack's places, without dropout.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[] Score(PackedRows rows, ScoreKind kind, CancellationToken cancellationToken)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var rotary = new Rotary(Model, rows.Positions);
        var places = At(Forward(rows, new(rows, rotary, null, cancellationToken)), rows.Places);
        return Score(_norm.Forward(places), rows, kind, null, cancellationToken);
    }

    /// <summary>The logits at each of the pack's places: [places, vocabulary].</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[,] Logits(PackedRows rows, CancellationToken cancellationToken)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var rotary = new Rotary(Model, rows.Positions);
        var places = At(Forward(rows, new(rows, rotary, null, cancellationToken)), rows.Places);
        var logits = _head.Logits(_norm.Forward(places), cancellationToken);
        return (float[,])logits.data<float>().ToNDArray();
    }

    /// <summary>Adds to the adapter's gradient that of a function of the pack's scores.</summary>
    /// <param name="rows">The pack.</param>
    /// <param name="kind">What is read at its places.</param>
    /// <param name="objective">From scores to ∂ loss / ∂ score, one each.</param>
    /// <param name="dropout">The adapter's dropout, or null.</param>
    /// <param name="recompute">Whether layers are computed again in the backward pass in place of keeping their activations.</param>
    /// <param name="cancellationToken">Stops it; the gradient is then undefined.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Accumulate(
        PackedRows rows, ScoreKind kind, Func<float[], double[]> objective, DropoutMasks? dropout, bool recompute,
        CancellationToken cancellationToken)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var rotary = new Rotary(Model, rows.Positions);
        var pass = new LayerPass(rows, rotary, dropout, cancellationToken);
        var traces = new Stack<LayerTrace>(_layers.Count);
        try
        {
            var gradient = BackwardHead(Forward(rows, pass, traces, recompute), rows, kind, objective, cancellationToken);
            foreach (var layer in _layers.AsEnumerable().Reverse())
            {
                using var trace = traces.Pop();
                using var spent = gradient;
                gradient = layer.Backward(trace, pass, gradient);
            }
        }
        finally
        {
            foreach (var trace in traces)
            {
                trace.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _layers.ForEach(layer => layer.Dispose());
        _layers.Clear();
        _norm?.Dispose();
        _head?.Dispose();
        _buffers.Dispose();
        Lora?.Dispose();
    }

    private static Tensor At(Tensor hidden, long[] places)
    {
        using var scope = NewDisposeScope();
        return hidden.index_select(0, tensor(places)).MoveToOuterDisposeScope();
    }

    private Tensor Forward(PackedRows rows, LayerPass pass, Stack<LayerTrace>? traces = null, bool recompute = false)
    {
        // Attention here sees all of a row.
        for (var row = 1; row < rows.Starts.Length; row++)
        {
            var length = rows.Starts[row] - rows.Starts[row - 1];
            if (length > Model.FullAttentionLength)
            {
                throw new ArgumentException($"row {row - 1} has {length} tokens: expected at most {Model.FullAttentionLength}, up to which attention sees all", nameof(rows));
            }
        }

        using var scope = NewDisposeScope();
        var x = _head.Embed(rows.Tokens);
        foreach (var layer in _layers)
        {
            var trace = traces is null ? null : new LayerTrace();
            if (trace is not null)
            {
                traces!.Push(trace);
            }

            var next = layer.Forward(x, pass, recompute ? null : trace);
            if (trace is null)
            {
                x.Dispose();
            }
            else
            {
                trace.Input = x;
            }

            x = next;
        }

        return x.MoveToOuterDisposeScope();
    }

    private Tensor BackwardHead(
        Tensor hidden, PackedRows rows, ScoreKind kind, Func<float[], double[]> objective, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var places = At(hidden, rows.Places);
        var normed = _norm.Forward(places);
        var slopes = empty_like(normed);
        var scores = Score(normed, rows, kind, slopes, cancellationToken);
        var coefficients = tensor(Array.ConvertAll(objective(scores), value => (float)value)).unsqueeze(1);
        var gradient = _norm.Backward(places, slopes.mul_(coefficients));
        return zeros_like(hidden).index_add_(0, tensor(rows.Places), gradient, 1).MoveToOuterDisposeScope();
    }

    private float[] Score(Tensor normed, PackedRows rows, ScoreKind kind, Tensor? slopes, CancellationToken cancellationToken)
    {
        if (kind == ScoreKind.NextToken)
        {
            return _head.LogProbabilities(normed, rows.NextTokens, slopes, cancellationToken);
        }

        using var scope = NewDisposeScope();
        var direction = _head.Row(_labels.Positive).sub_(_head.Row(_labels.Negative));
        slopes?.copy_(direction.expand_as(slopes));
        return mv(normed, direction).data<float>().ToArray();
    }
}
