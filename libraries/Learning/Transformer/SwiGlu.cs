using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace O1Coder.Learning.Transformer;

/// <summary>silu(gate) · up (arXiv 2002.05202), a few rows at a time so that intermediate values stay in the cache.</summary>
internal static class SwiGlu
{
    private const long BlockElements = 1 << 18;

    /// <summary>Writes silu(gate) · up into the first columns of <paramref name="hidden"/>.</summary>
    /// <param name="gateUp">[tokens, 2·width]: gate, then up.</param>
    /// <param name="hidden">[tokens, at least width].</param>
    public static void Forward(Tensor gateUp, Tensor hidden)
    {
        var width = gateUp.size(1) / 2;
        foreach (var (start, rows) in Blocks(gateUp.size(0), width))
        {
            using var scope = NewDisposeScope();
            var (gate, up) = Halves(gateUp, start, rows, width);
            hidden.narrow(0, start, rows).narrow(1, 0, width).copy_(functional.silu(gate).mul_(up));
        }
    }

    /// <summary>Writes the gradients of gate and up, and what <see cref="Forward"/> wrote.</summary>
    /// <param name="gateUp">As in <see cref="Forward"/>.</param>
    /// <param name="gradient">[tokens, at least width]: the gradient of silu(gate) · up in its first columns.</param>
    /// <param name="hidden">Takes silu(gate) · up again.</param>
    /// <returns>[tokens, 2·width].</returns>
    public static Tensor Backward(Tensor gateUp, Tensor gradient, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var width = gateUp.size(1) / 2;
        var result = empty_like(gateUp);
        foreach (var (start, rows) in Blocks(gateUp.size(0), width))
        {
            using var inner = NewDisposeScope();
            var (gate, up) = Halves(gateUp, start, rows, width);
            var incoming = gradient.narrow(0, start, rows).narrow(1, 0, width).to(ScalarType.Float32);
            var target = result.narrow(0, start, rows);
            var sigmoid = gate.sigmoid();
            var silu = gate.mul(sigmoid);
            hidden.narrow(0, start, rows).narrow(1, 0, width).copy_(silu.mul(up));
            target.narrow(1, width, width).copy_(silu.mul(incoming));

            // d silu(g) / dg = σ + silu · (1 − σ).
            var slope = silu.addcmul_(silu, sigmoid, -1).add_(sigmoid);
            target.narrow(1, 0, width).copy_(slope.mul_(incoming).mul_(up));
        }

        return result.MoveToOuterDisposeScope();
    }

    private static (Tensor Gate, Tensor Up) Halves(Tensor gateUp, long start, long rows, long width)
    {
        var block = gateUp.narrow(0, start, rows);
        return (block.narrow(1, 0, width).to(ScalarType.Float32), block.narrow(1, width, width).to(ScalarType.Float32));
    }

    private static IEnumerable<(long Start, long Rows)> Blocks(long rows, long width)
    {
        var block = Math.Max(1, BlockElements / width);
        for (var start = 0L; start < rows; start += block)
        {
            yield return (start, Math.Min(block, rows - start));
        }
    }
}
