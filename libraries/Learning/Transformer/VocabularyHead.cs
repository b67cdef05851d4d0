using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// Embedding and output head. Of the head's [places, vocabulary] logits only a chunk exists at a time: its scores and their
/// gradients are taken at once.
/// </summary>
internal sealed class VocabularyHead : IDisposable
{
    // Floats of a chunk of logits (80 MB), and of the head's rows that are widened at a time.
    private const long ChunkElements = 20_000_000;
    private const long WidenedElements = 12_000_000;

    private readonly ProductPrecision _precision;
    private readonly WideningBuffers _buffers;
    private readonly Tensor _embedding;
    private readonly Tensor _head;

    /// <summary>Reads both.</summary>
    public VocabularyHead(IWeights weights, ProductPrecision precision, WideningBuffers buffers, CancellationToken cancellationToken)
    {
        var model = weights.Description;
        _precision = precision;
        _buffers = buffers;
        _embedding = Load(weights, "model.embed_tokens.weight", precision.Stored, cancellationToken);
        _head = model.TiedEmbedding ? _embedding : Load(weights, "lm_head.weight", precision.Stored, cancellationToken);
    }

    /// <summary>[tokens, hidden], 32 bits.</summary>
    public Tensor Embed(long[] tokens)
    {
        using var scope = NewDisposeScope();
        return _embedding.index_select(0, tensor(tokens)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The head's row of a token, [hidden], 32 bits.</summary>
    public Tensor Row(int token)
    {
        using var scope = NewDisposeScope();
        return _head.select(0, token).to(ScalarType.Float32, copy: true).MoveToOuterDisposeScope();
    }

    /// <summary>All logits of a few normed hidden states: [rows, vocabulary], 32 bits.</summary>
    public Tensor Logits(Tensor hidden, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var rows = hidden.to(_precision.Computed);
        var logits = empty([hidden.size(0), _head.size(0)], dtype: _precision.Computed);
        foreach (var (start, length) in Blocks())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            logits.narrow(1, start, length).copy_(mm(rows, Weights(start, length).t()));
        }

        return logits.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>log softmax(hidden · headᵀ) of one token a row.</summary>
    /// <param name="hidden">[rows, hidden], normed, 32 bits.</param>
    /// <param name="targets">A token a row.</param>
    /// <param name="gradient">Takes ∂ score / ∂ hidden, [rows, hidden], 32 bits; null where it is not asked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A log-probability a row, in nats.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[] LogProbabilities(Tensor hidden, long[] targets, Tensor? gradient, CancellationToken cancellationToken)
    {
        var scores = new float[targets.Length];
        var chunk = (int)Math.Clamp(ChunkElements / _head.size(0) / 16 * 16, 16, 4096);
        for (var start = 0; start < targets.Length; start += chunk)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(chunk, targets.Length - start);
            var target = tensor(targets.AsSpan(start, rows).ToArray()).unsqueeze(1);
            var logarithms = Logits(hidden.narrow(0, start, rows), cancellationToken).log_softmax(1);
            logarithms.gather(1, target).data<float>().CopyTo(scores, start);
            if (gradient is not null)
            {
                // ∂ log p(t) / ∂ logits = 1 at t, minus p.
                var slope = logarithms.exp_().neg_();
                slope.scatter_add_(1, target, ones(rows, 1));
                Back(slope, gradient.narrow(0, start, rows), cancellationToken);
            }
        }

        return scores;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _embedding.Dispose();
        if (!ReferenceEquals(_head, _embedding))
        {
            _head.Dispose();
        }
    }

    private static Tensor Load(IWeights weights, string name, ScalarType type, CancellationToken cancellationToken)
    {
        var shape = weights.Shape(name);
        var matrix = empty([shape[0], shape[1]], dtype: type).DetachFromDisposeScope();
        try
        {
            var rows = Math.Max(1, WidenedElements / shape[1]);
            for (var start = 0L; start < shape[0]; start += rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var block = empty(Math.Min(rows, shape[0] - start), shape[1]);
                weights.ReadRows(name, start, LoraParameters.Elements(block));
                matrix.narrow(0, start, block.size(0)).copy_(block);
            }
        }
        catch
        {
            matrix.Dispose();
            throw;
        }

        return matrix;
    }

    private void Back(Tensor slope, Tensor gradient, CancellationToken cancellationToken)
    {
        gradient.zero_().Dispose();
        var rows = slope.to(_precision.Computed);
        foreach (var (start, length) in Blocks())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            gradient.add_(mm(rows.narrow(1, start, length), Weights(start, length)));
        }
    }

    private Tensor Weights(long start, long length)
    {
        var weights = _head.narrow(0, start, length);
        return _precision.Widened ? _buffers.Get(length, _head.size(1)).copy_(weights) : weights;
    }

    private IEnumerable<(long Start, long Length)> Blocks()
    {
        var rows = _head.size(0);
        var block = _precision.Widened ? Math.Max(1, WidenedElements / _head.size(1)) : rows;
        for (var start = 0L; start < rows; start += block)
        {
            yield return (start, Math.Min(block, rows - start));
        }
    }
}
