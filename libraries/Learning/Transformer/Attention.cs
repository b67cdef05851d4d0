using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// Causal grouped-query attention (arXiv 2305.13245) of packed rows, each to itself alone, in 32 bits. libtorch's own
/// blocked kernel does the work and keeps nothing of the square of a row's length; the backward pass computes it again.
/// </summary>
internal static class Attention
{
    /// <summary>[tokens, heads · head size] from queries [tokens, heads, head size], keys and values [tokens, key-value heads, head size].</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Tensor Forward(Tensor queries, Tensor keys, Tensor values, int[] starts, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var output = empty(queries.size(0), queries.size(1) * queries.size(2));
        for (var row = 0; row + 1 < starts.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var (start, length) = (starts[row], starts[row + 1] - starts[row]);
            var attended = Attend(queries.narrow(0, start, length), keys.narrow(0, start, length), values.narrow(0, start, length));
            output.narrow(0, start, length).copy_(attended);
        }

        return output.MoveToOuterDisposeScope();
    }

    /// <summary>The gradients of queries, keys and values from that of the output.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (Tensor Queries, Tensor Keys, Tensor Values) Backward(
        Tensor queries, Tensor keys, Tensor values, int[] starts, Tensor gradient, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [queries, keys, values];
        Tensor[] results = [empty_like(queries), empty_like(keys), empty_like(values)];
        for (var row = 0; row + 1 < starts.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var (start, length) = (starts[row], starts[row + 1] - starts[row]);
            Tensor[] parts = [.. inputs.Select(input => input.narrow(0, start, length).detach().requires_grad_(true))];
            IList<Tensor> gradients;
            using (enable_grad())
            {
                var attended = Attend(parts[0], parts[1], parts[2]);
                gradients = autograd.grad([attended], parts, [gradient.narrow(0, start, length)]);
            }

            for (var i = 0; i < results.Length; i++)
            {
                results[i].narrow(0, start, length).copy_(gradients[i]);
            }
        }

        foreach (var result in results)
        {
            result.MoveToOuterDisposeScope();
        }

        return (results[0], results[1], results[2]);
    }

    private static Tensor Attend(Tensor queries, Tensor keys, Tensor values)
    {
        var (length, heads, size) = (queries.size(0), queries.size(1), queries.size(2));
        Tensor Heads(Tensor x)
        {
            var rows = x.permute(1, 0, 2).unsqueeze(0);
            return x.size(1) == heads ? rows : rows.repeat_interleave(heads / x.size(1), 1);
        }

        var attended = functional.scaled_dot_product_attention(Heads(queries), Heads(keys), Heads(values), null, 0, true);
        return attended.squeeze(0).permute(1, 0, 2).reshape(length, heads * size);
    }
}
