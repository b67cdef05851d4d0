using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>Matrix products that can be cancelled within a second.</summary>
internal static class Products
{
    // About a quarter of a second on two cores.
    private const double MostOperations = 5e10;

    /// <summary>[rows, k] · [k, columns].</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Tensor Multiply(Tensor left, Tensor right, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rows = left.size(0);
        var block = (long)Math.Max(64, MostOperations / (2.0 * right.size(0) * right.size(1)));
        if (rows <= block)
        {
            return mm(left, right);
        }

        using var scope = NewDisposeScope();
        var product = empty([rows, right.size(1)], dtype: left.dtype);
        for (var start = 0L; start < rows; start += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var length = Math.Min(block, rows - start);
            product.narrow(0, start, length).copy_(mm(left.narrow(0, start, length), right));
        }

        return product.MoveToOuterDisposeScope();
    }
}
